import type { Conversation, TimelineItem } from "@/api/types";
import type { ComposerMode } from "./mode";
import type { useComposer } from "./use-composer";

/** Earlier messages that are not loaded yet. */
export interface Older {
  busy: boolean;
  load: () => void;
}

export interface ComposerProps {
  conversation: Conversation;
  /** The timeline, from which an answer takes whom it goes to; undefined while it loads. */
  items: readonly TimelineItem[] | undefined;
  /** The way to what came before, where not all of the timeline is loaded. */
  older?: Older | undefined;
  mode: ComposerMode;
  /** A message that did not leave, to be written anew. */
  rewrite?: number | undefined;
  /** The message that is answered or forwarded, where one was chosen. */
  about?: number | undefined;
  /** False where only notes may be written. */
  canSend: boolean;
  onMode: (mode: ComposerMode) => void;
  onClose: () => void;
  /** What was sent or added, for the timeline to show at once. */
  onDone: (item: TimelineItem, closed: boolean) => void;
  /** A new conversation was thrown away before anything was sent. */
  onDiscarded: () => void;
  /** Back to a new conversation that was left half written. */
  onReopen: (id: number) => void;
}

/** A draft in the composer, and the ways to change it. */
export type Writing = ReturnType<typeof useComposer>;
