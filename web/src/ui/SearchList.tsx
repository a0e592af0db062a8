import clsx from "clsx";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { groupLabelClass, itemClass } from "./popup";
import { inputClass } from "./TextField";

/** The keys of a list whose focus is in a field elsewhere. Returns whether the list took it. */
export function useListCursor(count: number, onPick: (index: number) => void) {
  const [wanted, setAt] = useState(0);
  const at = Math.max(0, Math.min(wanted, count - 1));
  function onKey(event: Pick<globalThis.KeyboardEvent, "key" | "preventDefault">): boolean {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (count === 0) return false;
    if (by) setAt((at + by + count) % count);
    else if (event.key === "Enter") onPick(at);
    else return false;
    event.preventDefault();
    return true;
  }
  return { at, setAt, onKey };
}

export interface ListGroup<Item> {
  /** Above the items, where there are several groups. */
  label?: string;
  items: readonly Item[];
}

interface ChoicesProps<Item> {
  id: string;
  label: string;
  groups: readonly ListGroup<Item>[];
  at: number;
  keyOf: (item: Item) => string | number;
  onPoint: (index: number) => void;
  onPick: (index: number) => void;
  children: (item: Item) => ReactNode;
  className?: string;
}

/** The list alone. The field that has the focus points at one of its options. */
export function Choices<Item>(props: ChoicesProps<Item>) {
  const { id, label, groups, at, keyOf, onPoint, onPick, children, className } = props;
  let index = -1;
  return (
    <div id={id} role="listbox" aria-label={label} className={className}>
      {groups.map((group, place) => (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it has a name only where it is a group
        <div
          key={group.label ?? place}
          role={group.label ? "group" : "presentation"}
          aria-label={group.label}
        >
          {group.label ? (
            <div aria-hidden className={groupLabelClass}>
              {group.label}
            </div>
          ) : null}
          {group.items.map((item) => {
            index += 1;
            const own = index;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the field points at it
              <div
                key={keyOf(item)}
                id={`${id}-${own}`}
                role="option"
                aria-selected={own === at}
                ref={(element) => {
                  if (own === at) element?.scrollIntoView?.({ block: "nearest" });
                }}
                onPointerMove={() => own === at || onPoint(own)}
                // The field keeps the focus.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => onPick(own)}
                className={clsx(itemClass, own === at && "bg-active")}
              >
                {children(item)}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface Props<Item> extends Pick<ChoicesProps<Item>, "label" | "groups" | "keyOf" | "children"> {
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  onPick: (item: Item) => void;
  /** Beside the list, about what the cursor is at. */
  aside?: (item: Item) => ReactNode;
  /** Instead of the list: nothing matches, or it could not be read. */
  instead?: ReactNode;
}

/** A field that narrows a list, and the list; the arrow keys walk while one types. */
export function SearchList<Item>(props: Props<Item>) {
  const { label, placeholder, text, onText, groups, keyOf, onPick, aside, instead } = props;
  const id = useId();
  const items = groups.flatMap((group) => group.items);
  const pick = (index: number) => {
    const item = items[index];
    if (item !== undefined) onPick(item);
  };
  const { at, setAt, onKey } = useListCursor(items.length, pick);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at its first
  useEffect(() => setAt(0), [text]);
  const current = items[at];
  return (
    <div className="flex flex-col">
      <input
        type="text"
        role="combobox"
        // biome-ignore lint/a11y/noAutofocus: it opened because its button was pressed
        autoFocus
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-expanded={items.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
        value={text}
        placeholder={placeholder}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => void onKey(event)}
        className={clsx(inputClass, "h-9 px-3 touch:h-11")}
      />
      {instead}
      <div className="mt-2 flex min-h-0 gap-3">
        <Choices
          id={id}
          label={label}
          groups={groups}
          at={at}
          keyOf={keyOf}
          onPoint={setAt}
          onPick={pick}
          className="max-h-72 min-w-0 flex-1 overflow-y-auto"
        >
          {props.children}
        </Choices>
        {aside && current !== undefined ? (
          <div className="hidden max-h-72 w-72 shrink-0 overflow-y-auto border-line border-l pl-3 sm:block">
            {aside(current)}
          </div>
        ) : null}
      </div>
    </div>
  );
}
