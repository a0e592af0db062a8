import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import type { Conversation } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { ErrorState } from "@/ui/ErrorState";
import { Skeleton } from "@/ui/Skeleton";
import { relatedQuery } from "./model/queries";

interface Props {
  conversation: Conversation;
  onOpen: (id: number) => void;
}

/** The contact's other conversations, one press away; what follows up on this one comes first. */
export function Related({ conversation, onOpen }: Props) {
  const { t } = useTranslation("contacts");
  const related = useQuery(relatedQuery(conversation.id));
  if (related.error && !related.data) {
    const { text, requestId } = describe(related.error);
    return (
      <ErrorState
        text={text}
        {...(requestId ? { requestId } : {})}
        onRetry={() => void related.refetch()}
      />
    );
  }
  if (!related.data) return <Skeleton className="h-10 w-full" />;
  if (related.data.items.length === 0) return <p className="text-fg-3">{t("related.none")}</p>;
  return (
    <ul className="-mx-2 grid grid-cols-[minmax(0,1fr)] gap-0.5">
      {related.data.items.map((row) => (
        <li key={row.id}>
          <button
            type="button"
            onClick={() => onOpen(row.id)}
            className="block w-full rounded-lg px-2 py-1 text-left hover:bg-hover touch:min-h-11"
          >
            <span className="block truncate">{row.subject || `#${row.number}`}</span>
            <span className="block text-fg-3 text-xs">
              {[
                tie(row, conversation),
                relativeTime(row.last_message_at ?? row.created_at),
                state(row),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );

  function tie(row: Conversation, to: Conversation): string {
    if (row.follow_up_of?.id === to.id) return t("related.followUp");
    return to.follow_up_of?.id === row.id ? t("related.earlier") : "";
  }

  function state(row: Conversation): string {
    return row.draft ? t("related.draft") : t(`conversation.${row.status}`);
  }
}
