import { CornerUpLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TimelineItem } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import type { Tiptap } from "./Editor";
import { type Content, isBlank, lastInbound, paragraphs } from "./model/content";

interface Props {
  items: readonly TimelineItem[];
  content: Content;
  editor: Tiptap | undefined;
  /** Back to answering what the contact wrote last. */
  onNewest: (message: undefined) => void;
}

/** Says which message is answered where that is not the newest: who reads along sees no difference. */
export function Answered({ items, content, editor, onNewest }: Props) {
  const { t } = useTranslation("composer");
  const { answers_id: id } = content;
  if (!id || lastInbound(items)?.id === id) return null;
  const answered = items.find((item) => item.kind === "message" && item.id === id);
  const message = answered?.kind === "message" ? answered : undefined;
  const name = message?.from.name || message?.from.email || "";

  function quote(): void {
    if (!editor || !message) return;
    const words = message.visible_text || message.text;
    const intro = t("answered.wrote", { name, at: fullTime(message.at) });
    const html = `${paragraphs(intro)}<blockquote>${paragraphs(words)}</blockquote>`;
    const end = editor.state.doc.content.size;
    editor
      .chain()
      .insertContentAt(end, html)
      .focus(isBlank(content) ? "start" : null)
      .run();
  }

  return (
    <section
      aria-label={t("answered.label")}
      className="mx-4 mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-surface-2 py-1 pr-1 pl-3 text-fg-2 text-xs"
    >
      <CornerUpLeft size={14} aria-hidden className="shrink-0" />
      <p className="min-w-40 flex-1 [overflow-wrap:anywhere]">
        {message ? t("answered.one", { name, at: dateTime(message.at) }) : t("answered.earlier")}
      </p>
      <div className="ml-auto flex">
        {message ? (
          <Button look="ghost" size="small" disabled={!editor} onClick={quote}>
            {t("answered.quote")}
          </Button>
        ) : null}
        <Button look="ghost" size="small" onClick={() => onNewest(undefined)}>
          {t("answered.newest")}
        </Button>
      </div>
    </section>
  );
}
