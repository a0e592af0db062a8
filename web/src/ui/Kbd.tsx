import { type HotkeyId, keyCaps, useKeys } from "@/lib/hotkeys";

const look =
  "inline-grid h-[18px] font-sans min-w-[18px] place-items-center rounded-[5px] border border-line-2 bg-surface-2 px-1 font-medium text-2xs text-fg-3 leading-none";

/** The caps of a shortcut, in tinykeys' notation. A decoration: aria-keyshortcuts says it aloud. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span aria-hidden className="inline-flex gap-1">
      {keyCaps(keys).map((press) => (
        <kbd key={press.join("+")} className="inline-flex gap-0.5">
          {press.map((part) => (
            <span key={part} className={look}>
              {part}
            </span>
          ))}
        </kbd>
      ))}
    </span>
  );
}

/** The caps of a shortcut of the table, as the user has bound it; nothing where it is off. */
export function HotkeyKbd({ id }: { id: HotkeyId }) {
  const keys = useKeys(id);
  return keys ? <Kbd keys={keys} /> : null;
}
