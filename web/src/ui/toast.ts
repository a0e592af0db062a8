import { useEffect } from "react";
import { create } from "zustand";

export interface ToastMessage {
  id: number;
  text: string;
  tone: "plain" | "danger";
  /** Undo, mostly. The toast goes once it was pressed. */
  action?: { label: string; run: () => void };
  duration: number;
  /** By which it can be ended before its time. */
  name?: string;
  /** Its time is that of what it tells of: the seconds left are shown, and nothing holds it longer. */
  counts?: boolean;
}

interface ToastState {
  queue: readonly ToastMessage[];
  /** Names of those whose time is over. */
  ended: readonly string[];
  /** Whether the code that shows them has been asked for. */
  shown: boolean;
  /** How many dialogs are open: their buttons are where toasts would be. */
  dialogs: number;
  take: () => void;
}

/** Messages wait here until the code that shows them has loaded. */
export const useToasts = create<ToastState>((set) => ({
  queue: [],
  ended: [],
  shown: false,
  dialogs: 0,
  take: () => set({ queue: [], ended: [], shown: true }),
}));

let last = 0;
const named = new Set<string>();

export function toast(
  text: string,
  options: Partial<Omit<ToastMessage, "id" | "text">> = {},
): void {
  last += 1;
  const message: ToastMessage = { id: last, text, tone: "plain", duration: 5000, ...options };
  if (message.name) named.add(message.name);
  useToasts.setState((state) => ({ queue: [...state.queue, message] }));
}

/** What it offered is done, or was done elsewhere. */
export function endToast(name: string): void {
  if (!named.delete(name)) return;
  useToasts.setState(({ queue, ended }) => ({
    queue: queue.filter((message) => message.name !== name),
    ended: [...ended, name],
  }));
}

/** Toasts keep out of the way of a dialog while it is open. */
export function useAside(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    const count = (by: number) => useToasts.setState((state) => ({ dialogs: state.dialogs + by }));
    count(1);
    return () => count(-1);
  }, [open]);
}

/** For what was done at once and can be taken back for 8 seconds. */
export function toastUndo(text: string, label: string, undo: () => void): void {
  toast(text, { action: { label, run: undo }, duration: 8000 });
}
