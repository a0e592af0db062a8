import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export { draftsQuery, settleDrafts } from "./model/drafts-query";
export type { AnswerMode, ComposerMode } from "./model/mode";
export { hasLeft, slotOf } from "./model/mode";
export { typedName } from "./model/typed";
export { useDraftPreview } from "./model/use-draft-preview";
export { type Count, measure } from "./sms/measure";

/** The editor is heavy: it comes once a conversation is read, and before anybody writes. */
export async function loadComposer() {
  const [file] = await Promise.all([import("./Composer"), loadTexts("composer")]);
  return { default: file.Composer };
}

export const Composer = lazy(loadComposer);

export async function loadNewConversation() {
  const [file] = await Promise.all([import("./NewConversation"), loadTexts("composer")]);
  return { default: file.NewConversation };
}

export const NewConversation = lazy(loadNewConversation);

export { NewStandIn, StandIn } from "./StandIn";

/** When a message leaves, also where one that waits is moved. */
async function loadSchedule() {
  const [file] = await Promise.all([import("./schedule/ScheduleDialog"), loadTexts("composer")]);
  return { default: file.ScheduleDialog };
}

export const ScheduleDialog = lazy(loadSchedule);

/** The same editor for canned messages and signatures. */
export const RichText = lazy(async () => {
  const [file] = await Promise.all([import("./RichText"), loadTexts("composer")]);
  return { default: file.RichText };
});
