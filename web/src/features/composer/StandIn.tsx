import clsx from "clsx";
import { useLayoutEffect, useRef } from "react";
import { quietHotkeys } from "@/lib/hotkeys";
import { keepTyped, newName, typed } from "./model/typed";

interface Props {
  /** Under which name the editor finds what was typed. */
  name: string;
  label: string;
  note?: boolean;
  onClose: () => void;
}

/**
 * Takes what is typed from the moment the composer is asked for until its
 * editor is there. It has the focus before the next key can be pressed.
 */
export function StandIn({ name, label, note = false, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.value = typed(name);
    element.focus();
    return quietHotkeys();
  }, [name]);
  return (
    <div
      className={clsx(
        "flex h-44 w-full shrink-0 flex-col rounded-xl border pt-10 pb-11 shadow-s2",
        note ? "border-note-line bg-note" : "border-control bg-surface",
      )}
    >
      <textarea
        ref={field}
        aria-label={label}
        data-stand-in
        className="w-full flex-1 resize-none bg-transparent px-4 py-3 text-[14px] leading-[22px] outline-none"
        onInput={(event) => keepTyped(name, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.nativeEvent.isComposing) onClose();
        }}
      />
    </div>
  );
}

interface NewProps {
  label: string;
  onClose: () => void;
}

/** The same for a new conversation, where what is typed first looks for a contact. */
export function NewStandIn({ label, onClose }: NewProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.value = typed(newName);
    element.focus();
    return quietHotkeys();
  }, []);
  return (
    <div className="fixed inset-0 z-50 grid place-items-center bg-black/30 p-4">
      <div className="w-full max-w-md rounded-2xl bg-raised p-5 shadow-s3">
        <input
          ref={field}
          type="text"
          aria-label={label}
          data-stand-in
          autoComplete="off"
          className="h-9 w-full rounded-lg border border-control bg-surface px-3 outline-none touch:h-11"
          onInput={(event) => keepTyped(newName, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
            keepTyped(newName, "");
            onClose();
          }}
        />
      </div>
    </div>
  );
}
