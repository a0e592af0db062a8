import clsx from "clsx";
import { type ReactNode, useEffect, useId } from "react";
import { createPortal } from "react-dom";
import { popupClass } from "@/ui/popup";
import { Choices, useListCursor } from "@/ui/SearchList";
import type { Tiptap } from "./Editor";
import type { Asked } from "./extensions/suggest";
import type { Suggesting } from "./model/use-suggest";

interface Props<Item> {
  label: string;
  asked: Asked;
  editor: Tiptap;
  keys: Suggesting["keys"];
  items: readonly Item[];
  keyOf: (item: Item) => string | number;
  onPick: (item: Item) => void;
  /** Beside the list, where there is room. */
  aside?: (item: Item) => ReactNode;
  children: (item: Item) => ReactNode;
}

const width = 340;

/** What the sign that is being typed could mean, at the sign. The focus stays in the text. */
export function Suggestions<Item>(props: Props<Item>) {
  const { label, asked, editor, keys, items, keyOf, onPick, aside, children } = props;
  const id = useId();
  const pick = (index: number) => {
    const item = items[index];
    if (item !== undefined) onPick(item);
  };
  const { at, setAt, onKey } = useListCursor(items.length, pick);
  useEffect(() => {
    keys.current = (event) => {
      if (event.key !== "Tab" || event.shiftKey) return onKey(event);
      if (items.length === 0) return false;
      event.preventDefault();
      pick(at);
      return true;
    };
    return () => {
      keys.current = null;
    };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query begins at its first
  useEffect(() => setAt(0), [asked.query]);
  const pointed = items.length > 0 ? `${id}-${at}` : undefined;
  useEffect(() => {
    const field = editor.view.dom;
    if (!pointed) return;
    field.setAttribute("aria-controls", id);
    field.setAttribute("aria-activedescendant", pointed);
    return () => {
      field.removeAttribute("aria-controls");
      field.removeAttribute("aria-activedescendant");
    };
  }, [editor, id, pointed]);
  const current = items[at];
  if (items.length === 0) return null;
  return createPortal(
    <div
      data-suggestions
      className={clsx(popupClass, "fixed z-60 flex max-w-[calc(100vw-16px)] overflow-hidden")}
      style={placeOf(asked, aside !== undefined)}
    >
      <Choices
        id={id}
        label={label}
        groups={[{ items }]}
        at={at}
        keyOf={keyOf}
        onPoint={setAt}
        onPick={pick}
        className="min-w-0 flex-1 overflow-y-auto p-1"
      >
        {children}
      </Choices>
      {aside && current !== undefined ? (
        <div className="hidden w-64 shrink-0 overflow-y-auto border-line border-l p-3 md:block">
          {aside(current)}
        </div>
      ) : null}
    </div>,
    document.body,
  );
}

/** Above the line if there is room, else below it; never off the screen. */
function placeOf({ left, top, bottom }: Asked, twoColumns: boolean) {
  const wide = twoColumns && innerWidth >= 768 ? width + 256 : Math.min(width, innerWidth - 16);
  const above = top - 16;
  const below = innerHeight - bottom - 16;
  const up = above >= 200 || above > below;
  return {
    left: Math.max(8, Math.min(left, innerWidth - wide - 8)),
    width: wide,
    maxHeight: Math.min(320, up ? above : below),
    ...(up ? { bottom: innerHeight - top + 6 } : { top: bottom + 6 }),
  };
}
