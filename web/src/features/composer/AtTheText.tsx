import { lazy, Suspense } from "react";
import type { CannedMessage } from "@/api/types";
import type { PressedChip, Tiptap } from "./Editor";
import type { Suggesting } from "./model/use-suggest";

const CannedMenu = lazy(() =>
  import("./canned/CannedMenu").then((file) => ({ default: file.CannedMenu })),
);
const ChipEditor = lazy(() =>
  import("./merge/ChipEditor").then((file) => ({ default: file.ChipEditor })),
);

interface Props {
  editor: Tiptap | undefined;
  suggest: Suggesting;
  chip: PressedChip | null;
  /** A canned message, in place of what asked for it. */
  onPick: (one: CannedMessage, range?: { from: number; to: number }) => void;
  onChip: (chip: PressedChip | null) => void;
}

/** What opens where one writes: canned messages after a slash, and the field that was pressed. */
export function AtTheText({ editor, suggest, chip, onPick, onChip }: Props) {
  return (
    <Suspense fallback={null}>
      {editor && suggest.asked ? (
        <CannedMenu
          asked={suggest.asked}
          editor={editor}
          keys={suggest.keys}
          onPick={(one) => onPick(one, suggest.asked ?? undefined)}
        />
      ) : null}
      {editor && chip ? (
        <ChipEditor key={chip.at} editor={editor} chip={chip} onClose={() => onChip(null)} />
      ) : null}
    </Suspense>
  );
}
