import { type KeybindingPress, matchKeybindingPress, parseKeybinding } from "tinykeys";
import { keysFor, subscribeBindings } from "./bindings";
import { type Hotkey, type HotkeyId, hotkeyById, hotkeys } from "./table";

export type HotkeyHandler = (event?: KeyboardEvent) => void;

/** Who answers for a shortcut now. The latest to register does: a panel opened above wins. */
const handlers = new Map<HotkeyId, HotkeyHandler[]>();
const listeners = new Set<() => void>();
let available: readonly HotkeyId[] = [];

export function registerHotkey(id: HotkeyId, handler: HotkeyHandler): () => void {
  handlers.set(id, [...(handlers.get(id) ?? []), handler]);
  changed();
  return () => {
    const rest = (handlers.get(id) ?? []).filter((other) => other !== handler);
    if (rest.length > 0) handlers.set(id, rest);
    else handlers.delete(id);
    changed();
  };
}

function changed(): void {
  available = hotkeys.map((row) => row.id).filter((id) => handlers.has(id));
  for (const listener of listeners) listener();
}

/** The ids that would do something if pressed now, in the order of the table. */
export function availableHotkeys(): readonly HotkeyId[] {
  return available;
}

export function subscribeHotkeys(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function runHotkey(id: HotkeyId, event?: KeyboardEvent): boolean {
  const handler = handlers.get(id)?.at(-1);
  if (!handler) return false;
  event?.preventDefault();
  handler(event);
  return true;
}

let quiet = 0;

/** Shortcuts of bare keys rest while something that is typed into is on its way, wherever the focus is. */
export function quietHotkeys(): () => void {
  quiet += 1;
  return () => {
    quiet -= 1;
  };
}

interface Candidate {
  row: Hotkey;
  rest: readonly KeybindingPress[];
}

/** How long a sequence waits for its next key. */
const patience = 1000;

/** Listens on target until the returned function is called. */
export function bindHotkeys(target: Window): () => void {
  let all = parseAll();
  let waiting: Candidate[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || composing(event) || isModifier(event.key)) return;
    const typing = quiet > 0 || isTyping(event) || isShielded(event) || ownsEnter(event);
    const usable = (candidate: Candidate) =>
      (!typing || candidate.row.typing === true) &&
      (!event.repeat || candidate.row.repeat === true);
    const step = (from: Candidate[]) => advance(from.filter(usable), event);

    let next = step(waiting);
    if (next.length === 0) next = step(all);
    clearTimeout(timer);
    waiting = next.filter((candidate) => candidate.rest.length > 0);
    timer = setTimeout(() => {
      waiting = [];
    }, patience);

    const complete = next.find((candidate) => candidate.rest.length === 0);
    if (complete && runHotkey(complete.row.id, event)) waiting = [];
  };

  const unsubscribe = subscribeBindings(() => {
    all = parseAll();
    waiting = [];
  });
  target.addEventListener("keydown", onKey);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    target.removeEventListener("keydown", onKey);
  };
}

function parseAll(): Candidate[] {
  return hotkeys.flatMap((row) => {
    const keys = keysFor(row.id);
    return keys ? [{ row: hotkeyById(row.id), rest: parseKeybinding(keys) }] : [];
  });
}

function advance(from: Candidate[], event: KeyboardEvent): Candidate[] {
  return from.flatMap(({ row, rest }) => {
    const [press, ...after] = rest;
    const matches = press !== undefined && matchKeybindingPress(event, press);
    return matches && handlers.has(row.id) ? [{ row, rest: after }] : [];
  });
}

/** Safari ends a composition before it reports the key, with only the code left to tell. */
function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}

export function isTyping(event: Event): boolean {
  const element = event.target;
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable) return true;
  if (element instanceof HTMLInputElement) return !untyped.has(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

const untyped = new Set(["checkbox", "radio", "button", "submit", "range", "color", "file"]);

/** Dialogs, menus and lists that open above the page keep their keys to themselves. */
function isShielded(event: Event): boolean {
  return event.target instanceof Element && event.target.closest("[data-hotkeys=off]") !== null;
}

/** Enter and Space belong to the control that has the focus. */
function ownsEnter(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" && event.key !== " ") return false;
  const controls = "a,button,summary,[role=button],[role=tab],[role=switch],[role=checkbox]";
  return event.target instanceof Element && event.target.closest(controls) !== null;
}
