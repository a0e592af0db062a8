import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api/keys";
import type { Conversation, Message, TimelineItem } from "@/api/types";
import { announce } from "@/lib/announce";
import { dateTime } from "@/lib/dates";
import { toast } from "@/ui/toast";
import { useMessageActions, usePatchConversation } from "./actions";
import { conversationQuery, timelineQuery } from "./queries";
import { toastName } from "./waiting";

type Pages = InfiniteData<{ items: TimelineItem[]; next_cursor: string }, string>;

/** Shows at once what was just sent or noted, before its event comes round, and offers to take it back. */
export function useFiled(id: number): (item: TimelineItem, closed: boolean) => void {
  const { t } = useTranslation(["inbox", "common"]);
  const client = useQueryClient();
  const { takeBack } = useMessageActions(id);
  const patch = usePatchConversation(id);
  return (item, closed) => {
    client.setQueryData(timelineQuery(id).queryKey, (old) =>
      old ? (withItem(old as Pages, item) as typeof old) : old,
    );
    client.setQueryData(conversationQuery(id).queryKey, (old) => old && after(old, item, closed));
    void client.invalidateQueries({ queryKey: keys.conversations.one(id) });
    if (item.kind === "note") announce(t("sent.note"));
    if (item.kind !== "message") return;
    if (item.delivery !== "scheduled") return toast(t(closed ? "sent.closed" : "sent.message"));
    const undo = () => {
      void takeBack(item);
      if (closed) patch.mutate({ status: "open" });
    };
    const action = { label: t("delivery.cancel"), run: undo };
    const name = toastName(item.id);
    const planned = item.send_at && windowOf(item) > longestUndo;
    if (planned) {
      const text = t("delivery.scheduledFor", { at: dateTime(item.send_at ?? "") });
      return toast(text, { name, action, duration: 8000 });
    }
    toast(t(closed ? "sent.closedSoon" : "delivery.soon"), {
      name,
      action,
      duration: windowOf(item),
      counts: true,
    });
  };
}

/** What waits longer was scheduled. */
const longestUndo = 60_000;

/** How long it waits on the server, by the server's clock. */
function windowOf({ at, send_at: due }: Message): number {
  return due ? Math.max(Date.parse(due) - Date.parse(at), 1000) : 1000;
}

/** The newest page is the first, and the newest item its first. */
export function withItem(data: Pages, item: TimelineItem): Pages {
  const [first, ...others] = data.pages;
  const known = first?.items.some((one) => one.kind === item.kind && one.id === item.id);
  if (!first || known) return data;
  return { ...data, pages: [{ ...first, items: [item, ...first.items] }, ...others] };
}

function after(old: Conversation, item: TimelineItem, closed: boolean): Conversation {
  const seq = item.kind === "event" ? item.id : item.seq;
  return {
    ...old,
    draft: old.draft && item.kind !== "message",
    last_seq: Math.max(old.last_seq, seq),
    status: closed ? "closed" : old.status,
    unread: false,
  };
}
