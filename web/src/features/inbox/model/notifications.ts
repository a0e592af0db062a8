import { create } from "zustand";
import type { Conversation, LiveEvent } from "@/api/types";
import { readStored, writeStored } from "@/lib/storage";

export interface Alert {
  /** The conversation. */
  id: number;
  name: string;
  text: string;
}

interface NotificationState {
  on: boolean;
  setOn: (on: boolean) => void;
  alerts: readonly Alert[];
  add: (alert: Alert) => void;
  dismiss: (id: number) => void;
}

const key = "notifications";
const shownAtOnce = 3;

export const useNotifications = create<NotificationState>((set) => ({
  on: readStored(key, true),
  setOn: (on) => {
    writeStored(key, on);
    set(on ? { on } : { on, alerts: [] });
  },
  alerts: [],
  add: (alert) =>
    set(({ alerts }) => ({
      alerts: [...alerts.filter((one) => one.id !== alert.id), alert].slice(-shownAtOnce),
    })),
  dismiss: (id) => set(({ alerts }) => ({ alerts: alerts.filter((one) => one.id !== id) })),
}));

/**
 * Who hears of a message: its assignee; of an unassigned one, all who see it.
 * Never of spam, and not of the conversation in front of the reader.
 */
export function concerns(
  event: LiveEvent,
  conversation: Conversation,
  me: number,
  inFront: number | undefined,
): boolean {
  return (
    event.kind === "message.received" &&
    conversation.folder === "open" &&
    conversation.id !== inFront &&
    (conversation.assignee_id === null || conversation.assignee_id === me)
  );
}
