import type { TimelineItem } from "@/api/types";

function isStart(item: TimelineItem): boolean {
  return item.kind === "event" && item.event === "conversation.created";
}

/**
 * A conversation starts above its first message, though the server notes it
 * when that message is filed, which is a little later. Of conversations that
 * were merged each starts above the message that it began with.
 */
export function startsFirst(items: readonly TimelineItem[]): TimelineItem[] {
  const out: TimelineItem[] = [];
  for (const item of items) {
    let place = out.length;
    if (isStart(item)) {
      const top = out.some(isStart) ? place - 1 : 0;
      while (place > top && out[place - 1]?.kind === "message") place -= 1;
    }
    out.splice(place, 0, item);
  }
  return out;
}
