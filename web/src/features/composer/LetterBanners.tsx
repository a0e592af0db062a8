import { UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TimelineItem } from "@/api/types";
import { Button } from "@/ui/Button";
import { type Content, newcomers } from "./model/content";
import { addPeople } from "./model/people";

/** A first message without a subject is asked about, once. */
export function Asking({ shown, onSend }: { shown: boolean; onSend: () => void }) {
  const { t } = useTranslation("composer");
  if (!shown) return null;
  return (
    <div
      role="alert"
      className="mx-2 mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-warn-soft px-3 py-1.5 text-warn"
    >
      <span className="flex-1">{t("subject.ask")}</span>
      <Button size="small" onClick={onSend}>
        {t("subject.sendWithout")}
      </Button>
    </div>
  );
}

interface NewcomerProps {
  items: readonly TimelineItem[];
  content: Content;
  onChange: (fields: Partial<Content>) => void;
}

/** Who joined by themselves is not written to without having been asked for. */
export function Newcomers({ items, content, onChange }: NewcomerProps) {
  const { t } = useTranslation("composer");
  return newcomers(items, content).map((person) => (
    <div
      key={person.email}
      className="mx-2 mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-surface-2 px-3 py-1.5 text-fg-2"
    >
      <UserPlus size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {t("newcomer.text", { name: person.name || person.email })}
      </span>
      <Button size="small" onClick={() => onChange({ cc: addPeople(content.cc, [person]) })}>
        {t("newcomer.include")}
      </Button>
    </div>
  ));
}
