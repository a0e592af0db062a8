import { parseKeybinding } from "tinykeys";

const mac = /Mac|iPod|iPhone|iPad/.test(navigator.platform);

const names: Record<string, string> = mac
  ? { Meta: "⌘", Control: "⌃", Alt: "⌥", Shift: "⇧", Enter: "↵", Escape: "Esc" }
  : { Meta: "Win", Control: "Ctrl", Enter: "Enter", Escape: "Esc" };

/** The caps to draw, press by press: "$mod+k" is [["Ctrl", "K"]], "g i" is [["G"], ["I"]]. */
export function keyCaps(keys: string): string[][] {
  return parseKeybinding(keys).map(([required, , key]) =>
    [...required, String(key)].map((part) => names[part] ?? cap(part)),
  );
}

function cap(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

/** The same for aria-keyshortcuts, which has no way to say a sequence. */
export function ariaKeys(keys: string | null): string | undefined {
  const presses = keys ? parseKeybinding(keys) : [];
  const [only] = presses;
  if (!only || presses.length > 1) return undefined;
  const [required, , key] = only;
  return [...required, cap(String(key))].join("+");
}

/**
 * A single printable character, with or without Shift, at the start. WCAG
 * 2.1.4 asks that these can be switched off: speech input fires them by accident.
 */
export function startsWithCharacter(keys: string): boolean {
  const first = parseKeybinding(keys)[0];
  if (!first) return false;
  const [required, , key] = first;
  return String(key).length === 1 && required.every((mod) => mod === "Shift");
}

const modifiers = ["Control", "Meta", "Alt", "Shift"] as const;

/** What a key press is called in the table, or undefined for a modifier alone. */
export function keysOf(event: KeyboardEvent): string | undefined {
  const { key } = event;
  if (modifiers.some((mod) => mod === key) || key === "AltGraph" || key === "Dead")
    return undefined;
  const printable = key.length === 1;
  const letter = printable && key.toLowerCase() !== key.toUpperCase();
  const held = modifiers.filter((mod) => event.getModifierState(mod));
  const main = mac ? "Meta" : "Control";
  const parts: string[] = held
    .filter((mod) => mod !== "Shift" || letter || !printable)
    .map((mod) => (mod === main ? "$mod" : mod));
  // Which keys give "!" depends on the layout, so Shift may be held or not.
  if (printable && !letter) parts.push("[Shift]");
  const name = key === " " ? "Space" : letter ? key.toLowerCase() : key;
  return [...parts, name].join("+");
}

/** Whether one pair of keys is the start of the other, so that both cannot work. */
export function collide(a: string, b: string): boolean {
  const [short, long] = [a, b].map(normal).sort((x, y) => x.length - y.length);
  return short !== undefined && long !== undefined && short.every((press, i) => press === long[i]);
}

function normal(keys: string): string[] {
  return parseKeybinding(keys).map(([required, , key]) =>
    [...required].sort().concat(String(key).toLowerCase()).join("+"),
  );
}
