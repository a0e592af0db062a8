import type { Message } from "@/api/types";

export const answerModes = ["reply", "reply_all", "forward"] as const;
/** The three that leave the house; they share one draft. */
export type AnswerMode = (typeof answerModes)[number];
export type ComposerMode = AnswerMode | "note";

/** Under which of the two drafts a mode is kept. */
export type Slot = "reply" | "note";

export function slotOf(mode: ComposerMode): Slot {
  return mode === "note" ? "note" : "reply";
}

export function isAnswerMode(value: unknown): value is AnswerMode {
  return answerModes.some((mode) => mode === value);
}

/** Whether others may have a message, so that it can be answered: one of ours that waits or failed they have not. */
export function hasLeft({ direction, delivery }: Message): boolean {
  const here = ["draft", "scheduled", "failed", "cancelled"];
  return direction === "inbound" || !here.includes(delivery ?? "");
}
