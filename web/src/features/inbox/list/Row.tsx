import clsx from "clsx";
import {
  CalendarClock,
  Check,
  CircleAlert,
  Mail,
  MessageSquare,
  Paperclip,
  PencilLine,
} from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { calledIn } from "@/api/names";
import type { Conversation } from "@/api/types";
import { dateTime, shortTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Avatar } from "@/ui/Avatar";
import { Dot } from "@/ui/Chip";
import { VisuallyHidden } from "@/ui/VisuallyHidden";

/** A row's height in pixels; fixed, so that the list knows where each one is. */
export const rowHeight = 76;

export interface RowProps {
  row: Conversation;
  top: number;
  position: number;
  /** -1 where the end of the list is not known yet. */
  total: number;
  selected: boolean;
  /** Where the cursor of the list stands. */
  active: boolean;
  assignee: string | undefined;
  inbox: string | undefined;
  color: string | undefined;
}

/**
 * One conversation in the list. It holds nothing that can take the focus: the
 * list has it. Its name is what it shows, and in words what it shows by signs.
 */
export const Row = memo(function Row(props: RowProps) {
  const { row, top, position, total, selected, active, assignee } = props;
  const { t } = useTranslation("inbox");
  const name = calledIn(row);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its active option
    <div
      id={`conversation-${row.id}`}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={total}
      data-id={row.id}
      data-active={active || undefined}
      className="absolute inset-x-2 flex gap-3 rounded-[10px] px-2.5 py-2.5 hover:bg-hover aria-selected:bg-accent-soft data-active:in-focus-visible:outline-2 data-active:in-focus-visible:outline-accent"
      style={{ height: rowHeight - 2, transform: `translateY(${top}px)` }}
    >
      <span className="relative mt-0.5 size-8 shrink-0">
        <Avatar name={name} />
        <span className="absolute -right-1 -bottom-1 grid size-4 place-items-center rounded-full bg-surface text-fg-2 shadow-s1">
          {row.channel_type === "sms" ? (
            <MessageSquare size={10} aria-hidden />
          ) : (
            <Mail size={10} aria-hidden />
          )}
        </span>
      </span>
      <span className="min-w-0 flex-1">
        <TopLine row={row} name={name} />
        <span
          className={clsx("block truncate leading-[19px] text-fg", row.unread && "font-medium")}
        >
          {row.subject || (row.channel_type === "sms" && row.preview) || t("noSubject")}
        </span>
        <span className="flex h-[18px] items-center gap-2 leading-[18px]">
          <Words row={row} />
          <Marks {...props} />
          {assignee ? <Avatar name={assignee} size={20} /> : null}
          <VisuallyHidden>
            {assignee ? t("row.assigned", { name: assignee }) : t("row.unassigned")}
          </VisuallyHidden>
        </span>
      </span>
    </div>
  );
});

/** The beginning of the newest message; of one's own draft, or when a message leaves, where that is what is looked for. */
function Words({ row }: { row: Conversation }) {
  const { t } = useTranslation("inbox");
  const { draft_preview: draft, scheduled_at: leaves } = row;
  const look = "min-w-0 flex-1 truncate text-xs";
  if (leaves) {
    return (
      <span className={`${look} text-fg-2`}>
        <CalendarClock size={12} aria-hidden className="-mt-0.5 mr-1 inline text-fg-3" />
        {t("row.leaves", { at: dateTime(leaves) })}
      </span>
    );
  }
  if (draft) {
    return (
      <span className={`${look} text-fg-2`}>
        <PencilLine size={12} aria-hidden className="-mt-0.5 mr-1 inline text-accent-text" />
        {t("reply.draft", { text: draft })}
      </span>
    );
  }
  // The line above is the beginning of a text already.
  const number = readablePhone(row.phone ?? "");
  const beside = calledIn(row) === number ? "" : number;
  const text = row.channel_type === "sms" && !row.subject ? beside : row.preview;
  return <span className={`${look} text-fg-3`}>{text}</span>;
}

function TopLine({ row, name }: { row: Conversation; name: string }) {
  const { t } = useTranslation("inbox");
  return (
    <span className="flex h-[18px] items-center gap-1.5 leading-[18px]">
      {row.unread ? <VisuallyHidden>{t("row.unread")}</VisuallyHidden> : null}
      <span
        className={clsx(
          "truncate text-sm",
          row.unread ? "font-semibold text-fg" : "font-medium text-fg-2",
        )}
      >
        {name}
      </span>
      {row.message_count > 1 ? (
        <span className="text-2xs text-fg-3 tabular-nums">{row.message_count}</span>
      ) : null}
      <span className="ml-auto flex shrink-0 items-center gap-1.5 text-2xs text-fg-3 tabular-nums">
        {row.has_attachment ? (
          <>
            <Paperclip size={11} aria-hidden />
            <VisuallyHidden>{t("row.attachment")}</VisuallyHidden>
          </>
        ) : null}
        {shortTime(row.last_message_at ?? row.created_at)}
        {row.unread ? <span className="size-2 rounded-full bg-accent" /> : null}
      </span>
    </span>
  );
}

function Marks({ row, inbox, color }: RowProps) {
  const { t } = useTranslation("inbox");
  return (
    <>
      {row.failed_count > 0 ? (
        <span className="flex items-center gap-1 font-medium text-2xs text-danger">
          <CircleAlert size={12} aria-hidden />
          {t(`row.trouble.${row.trouble ?? "failed"}`, {
            context: row.channel_type === "sms" ? "text" : undefined,
          })}
        </span>
      ) : null}
      {row.draft && !row.draft_preview ? (
        <span className="flex items-center gap-1 text-2xs text-accent-text">
          <PencilLine size={12} aria-hidden />
          {t("row.draft")}
        </span>
      ) : null}
      {row.status === "closed" ? (
        <span className="flex items-center gap-1 text-2xs text-fg-3">
          <Check size={12} aria-hidden />
          {t("row.closed")}
        </span>
      ) : null}
      {inbox ? (
        <span className="inline-flex max-w-24 items-center gap-1 text-2xs text-fg-3">
          <Dot color={color ?? ""} />
          <span className="truncate">{inbox}</span>
        </span>
      ) : null}
    </>
  );
}
