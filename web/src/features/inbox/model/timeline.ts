import type { TimelineEvent, TimelineItem, TimelineMessage } from "@/api/types";

function isStart(item: TimelineItem): boolean {
  return item.kind === "event" && item.event === "conversation.created";
}

/**
 * A conversation starts above its first message, though the server notes it
 * when that message is filed, which is a little later. Of conversations that
 * were merged each starts above the message that it began with. One that was a draft
 * was noted twice: when it was begun, and when it left.
 */
export function startsFirst(items: readonly TimelineItem[]): TimelineItem[] {
  const out: TimelineItem[] = [];
  for (const item of items) {
    let place = out.length;
    if (isStart(item)) {
      const top = out.some(isStart) ? place - 1 : 0;
      while (place > top && out[place - 1]?.kind === "message") place -= 1;
    }
    const begun = isStart(item) ? out.slice(0, place).findLastIndex(isStart) : -1;
    const again = begun >= 0 && !out.slice(begun, place).some(({ kind }) => kind === "message");
    if (!again) out.splice(place, 0, item);
  }
  return out;
}

/** An item of the timeline; an event may stand for a mail that is not shown by itself. */
export interface Folded {
  item: TimelineItem;
  mail?: number | undefined;
  message?: TimelineMessage | undefined;
}

/** The mail by which a machine told what an event says; 0 where there is none. */
function mailOf(event: TimelineEvent): number {
  if (event.event === "message.auto_replied" || event.event === "message.reported") {
    return event.message_id ?? 0;
  }
  return Number(event.data.report ?? 0);
}

/**
 * Bounces, delivery reports and automatic replies are one line each: the mail
 * itself is behind it. Where it is all that the conversation has, it is shown.
 */
export function foldReports(items: readonly TimelineItem[]): Folded[] {
  const messages = new Map<number, TimelineMessage>();
  const mails = new Set<number>();
  for (const item of items) {
    if (item.kind === "message") messages.set(item.id, item);
    else if (item.kind === "event") mails.add(mailOf(item));
  }
  if ([...messages.keys()].every((id) => mails.has(id))) mails.clear();
  return items.flatMap((item): Folded[] => {
    if (item.kind === "message" && mails.has(item.id)) return [];
    const mail = item.kind === "event" ? mailOf(item) : 0;
    return mail && mails.has(mail) ? [{ item, mail, message: messages.get(mail) }] : [{ item }];
  });
}
