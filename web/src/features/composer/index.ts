import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export type { ComposerMode } from "./model/mode";
export { useDraftPreview } from "./model/use-draft-preview";

/** The editor is heavy: it comes once a conversation is read, and before anybody writes. */
export async function loadComposer() {
  const [file] = await Promise.all([import("./Composer"), loadTexts("composer")]);
  return { default: file.Composer };
}

export const Composer = lazy(loadComposer);

export const NewConversation = lazy(async () => {
  const [file] = await Promise.all([import("./NewConversation"), loadTexts("composer")]);
  return { default: file.NewConversation };
});
