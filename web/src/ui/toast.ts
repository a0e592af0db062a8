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
}

interface ToastState {
  queue: readonly ToastMessage[];
  /** Names of those whose time is over. */
  ended: readonly string[];
  /** Whether the code that shows them has been asked for. */
  shown: boolean;
  take: () => void;
}

/** Messages wait here until the code that shows them has loaded. */
export const useToasts = create<ToastState>((set) => ({
  queue: [],
  ended: [],
  shown: false,
  take: () => set({ queue: [], ended: [], shown: true }),
}));

let last = 0;

export function toast(
  text: string,
  options: Partial<Omit<ToastMessage, "id" | "text">> = {},
): void {
  last += 1;
  const message: ToastMessage = { id: last, text, tone: "plain", duration: 5000, ...options };
  useToasts.setState((state) => ({ queue: [...state.queue, message] }));
}

/** What it offered is done, or was done elsewhere. */
export function endToast(name: string): void {
  useToasts.setState(({ queue, ended }) => ({
    queue: queue.filter((message) => message.name !== name),
    ended: [...ended, name],
  }));
}

/** For what was done at once and can be taken back for 8 seconds. */
export function toastUndo(text: string, label: string, undo: () => void): void {
  toast(text, { action: { label, run: undo }, duration: 8000 });
}
