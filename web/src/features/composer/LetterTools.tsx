import { Braces, Smile, Zap } from "lucide-react";
import { lazy, type ReactElement, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedMessage, MergeField } from "@/api/types";
import { type HotkeyId, useHotkey } from "@/lib/hotkeys";
import { IconButton } from "@/ui/IconButton";
import { Popover } from "@/ui/Popover";
import type { Tiptap } from "./Editor";

const CannedPicker = lazy(() =>
  import("./canned/CannedPicker").then((file) => ({ default: file.CannedPicker })),
);
const FieldPicker = lazy(() =>
  import("./merge/FieldPicker").then((file) => ({ default: file.FieldPicker })),
);
const EmojiPicker = lazy(() =>
  import("./emoji/EmojiPicker").then((file) => ({ default: file.EmojiPicker })),
);

interface ToolProps {
  label: string;
  hotkey: HotkeyId;
  icon: ReactElement;
  wide?: boolean;
  children: (close: () => void) => ReactElement;
}

/** A button with a panel above it, which a key opens too. */
function Tool({ label, hotkey, icon, wide = false, children }: ToolProps) {
  const [open, setOpen] = useState(false);
  useHotkey(hotkey, () => setOpen(true));
  return (
    <Popover
      label={label}
      side="top"
      wide={wide}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label={label} hotkey={hotkey} icon={icon} side="top" tabIndex={-1} />}
    >
      {/* The height of what comes, so that nothing jumps. */}
      <Suspense fallback={<div className="h-72" />}>{children(() => setOpen(false))}</Suspense>
    </Popover>
  );
}

interface CannedProps {
  onPick: (one: CannedMessage) => void;
}

export function CannedTool({ onPick }: CannedProps) {
  const { t } = useTranslation("composer");
  return (
    <Tool label={t("canned.insert")} hotkey="canned" wide icon={<Zap size={15} aria-hidden />}>
      {(close) => (
        <CannedPicker
          onPick={(one) => {
            close();
            onPick(one);
          }}
        />
      )}
    </Tool>
  );
}

interface FieldProps {
  editor: Tiptap | undefined;
  history: boolean;
}

export function FieldTool({ editor, history }: FieldProps) {
  const { t } = useTranslation("composer");
  return (
    <Tool label={t("merge.insert")} hotkey="merge_field" icon={<Braces size={15} aria-hidden />}>
      {(close) => (
        <FieldPicker
          history={history}
          onPick={(field) => {
            close();
            if (editor) insertField(editor, field);
          }}
        />
      )}
    </Tool>
  );
}

/** A space follows where the text goes on; the history is a line of its own. */
export function insertField(editor: Tiptap, { name }: Pick<MergeField, "name">): void {
  const chip = { type: "mergeChip", attrs: { expression: name } };
  const own = name === "conversation.history";
  editor
    .chain()
    .focus()
    .insertContent(own ? [{ type: "paragraph", content: [chip] }] : [chip])
    .run();
}

export function EmojiTool({ editor }: { editor: Tiptap | undefined }) {
  const { t } = useTranslation("composer");
  return (
    <Tool label={t("emoji.insert")} hotkey="emoji" icon={<Smile size={15} aria-hidden />}>
      {(close) => (
        <EmojiPicker
          onPick={(emoji) => {
            close();
            editor?.chain().focus().insertContent(emoji).run();
          }}
        />
      )}
    </Tool>
  );
}
