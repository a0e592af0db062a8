import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Content, isBlank } from "./model/content";
import { remove } from "./model/use-left-empty";
import type { ComposerProps, Writing } from "./model/writing";

const AlertDialog = lazy(() =>
  import("@/ui/AlertDialog").then((file) => ({ default: file.AlertDialog })),
);

type Facts = Pick<ComposerProps, "conversation" | "onDiscarded"> & {
  writing: Writing;
  content: Content;
};

/** Throws a new conversation away with what was written in it, after asking where there is something to lose. */
export function useDiscardNew(
  { conversation, onDiscarded, writing, content }: Facts,
  leaving: { keep: () => void },
): { ask: () => void; dialog: ReactNode } {
  const { t } = useTranslation("composer");
  const [asking, setAsking] = useState(false);
  function throwAway(): void {
    leaving.keep();
    void writing.keeper
      .discard()
      .then(() => remove(conversation.id))
      .catch(() => undefined);
    onDiscarded();
  }
  const dialog = asking ? (
    <Suspense fallback={null}>
      <AlertDialog
        open
        onOpenChange={() => setAsking(false)}
        danger
        title={t("discardNew.title")}
        text={t("discardNew.text")}
        action={t("discardNew.action")}
        onConfirm={throwAway}
      />
    </Suspense>
  ) : null;
  return { ask: () => (isBlank(content) ? throwAway() : setAsking(true)), dialog };
}
