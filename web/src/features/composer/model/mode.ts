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
