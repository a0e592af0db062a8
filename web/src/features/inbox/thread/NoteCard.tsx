import "@/ui/prose.css";
import { StickyNote } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { TimelineNote } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { Avatar } from "@/ui/Avatar";
import { Chip } from "@/ui/Chip";
import { useUsers } from "../model/lookups";

/** A note for the team: unmistakably not a message. */
export const NoteCard = memo(function NoteCard({ note }: { note: TimelineNote }) {
  const { t } = useTranslation("inbox");
  const me = useMe().user;
  const users = useUsers();
  const mine = note.author_id === me.id;
  const colleague = (note.author_id && users.get(note.author_id)?.name) || t("event.someone");
  const author = mine ? t("message.you") : colleague;
  return (
    <li>
      <article
        aria-label={t("note.from", { name: author, at: fullTime(note.at) })}
        data-note={note.id}
        className="rounded-xl border border-note-line bg-note px-4 py-3.5"
      >
        <header className="mb-2.5 flex items-center gap-2.5">
          <Avatar name={mine ? me.name : colleague} size={28} />
          <div className="min-w-0 flex-1 leading-tight">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <b className="font-semibold">{author}</b>
              <Chip tone="note" icon={<StickyNote size={11} aria-hidden />}>
                {t("note.internal")}
              </Chip>
            </div>
            <div className="text-fg-2 text-xs">{t("note.visible")}</div>
          </div>
          <time
            dateTime={note.at}
            title={fullTime(note.at)}
            className="shrink-0 text-fg-2 text-xs tabular-nums"
          >
            {dateTime(note.at)}
          </time>
        </header>
        {note.html ? (
          <div
            className="prose-mail [overflow-wrap:anywhere]"
            // biome-ignore lint/security/noDangerouslySetInnerHtml: the server keeps only a note's own few elements
            dangerouslySetInnerHTML={{ __html: note.html }}
          />
        ) : (
          <div className="whitespace-pre-wrap text-base [overflow-wrap:anywhere]">{note.text}</div>
        )}
      </article>
    </li>
  );
});
