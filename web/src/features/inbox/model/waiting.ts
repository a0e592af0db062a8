import type { LiveEvent } from "@/api/types";
import { endToast } from "@/ui/toast";

/** Under which name the toast of a message that waits is ended. */
export function toastName(message: number): string {
  return `message ${message}`;
}

/** What ends the waiting that the toast tells of, also where somebody else did it. */
const over = new Set([
  "message.cancelled",
  "message.rescheduled",
  "message.sent",
  "message.failed",
  "message.uncertain",
]);

/** The message has left, or will not: there is nothing left to take back. */
export function endWaiting({ kind, message_id: message }: LiveEvent): void {
  if (message && over.has(kind)) endToast(toastName(message));
}
