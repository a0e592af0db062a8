import type { Conversation } from "@/api/types";
import type { Sort } from "./views";

const orders: Record<Sort, (a: Conversation, b: Conversation) => number> = {
  newest: (a, b) => compare(time(b), time(a)) || b.id - a.id,
  added: (a, b) => b.id - a.id,
  // Those in which nobody waits come after all that do.
  waiting: (a, b) => compare(a.waiting_since ?? "9", b.waiting_since ?? "9") || a.id - b.id,
};

function time(row: Conversation): string {
  return row.last_message_at ?? row.created_at;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** In the order of the server's lists; what is searched for comes newest first. */
export function sortRows(
  rows: Conversation[],
  { sort, q }: { sort: Sort; q?: string | undefined },
): Conversation[] {
  return [...rows].sort(orders[q ? "newest" : sort]);
}
