import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import type { HeadsHandle } from "./Heads";
import type { Content } from "./model/content";
import type { LetterField } from "./model/use-send";

/** Which lines stand besides To: those that hold something, and those that were asked for. */
export function useShown(content: Content, first: boolean, heads: RefObject<HeadsHandle | null>) {
  const [asked, setAsked] = useState<ReadonlySet<LetterField>>(new Set());
  const shown = new Set<LetterField>(asked);
  if (content.cc.length > 0) shown.add("cc");
  if (content.bcc.length > 0) shown.add("bcc");
  if (first || content.mode === "forward") shown.add("subject");
  const show = (field: LetterField) => {
    setAsked(new Set([...asked, field]));
    requestAnimationFrame(() => heads.current?.focus(field));
  };
  return { shown, show };
}

interface LineProps {
  shown: ReadonlySet<LetterField>;
  onShow: (field: LetterField) => void;
}

/** What can be asked for besides To. */
export function LineButtons({ shown, onShow }: LineProps) {
  const { t } = useTranslation("composer");
  const lines = [
    { field: "cc", label: t("to.addCc"), text: t("to.cc") },
    { field: "bcc", label: t("to.addBcc"), text: t("to.bcc") },
    { field: "subject", label: t("subject.show"), text: t("subject.label") },
  ] as const;
  return lines
    .filter(({ field }) => !shown.has(field))
    .map(({ field, label, text }) => (
      <Button
        key={field}
        look="ghost"
        size="small"
        aria-label={label}
        onClick={() => onShow(field)}
      >
        {text}
      </Button>
    ));
}
