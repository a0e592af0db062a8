import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "../storage";
import { collide, startsWithCharacter } from "./keys";
import { type Hotkey, type HotkeyId, hotkeyById, hotkeys } from "./table";

/** What a user changed: kept with the user on the server, and here for the first paint. */
export interface HotkeyPreferences {
  /** New keys by id; null switches the shortcut off. */
  keys: Partial<Record<HotkeyId, string | null>>;
  /** False: shortcuts that begin with a bare character do nothing. */
  characters: boolean;
}

export const defaultHotkeys: HotkeyPreferences = { keys: {}, characters: true };

/** What was stored, by this version or another: whatever does not fit is left out. */
export function parseHotkeys(stored: unknown): HotkeyPreferences {
  if (typeof stored !== "object" || stored === null) return defaultHotkeys;
  const { keys, characters } = stored as Record<string, unknown>;
  const entries = Object.entries(typeof keys === "object" && keys !== null ? keys : {});
  const known = entries.filter(
    ([id, value]) =>
      hotkeys.some((row) => row.id === id) && (value === null || typeof value === "string"),
  );
  return { keys: Object.fromEntries(known), characters: characters !== false };
}

let current: HotkeyPreferences = parseHotkeys(readStored("hotkeys", null));
const listeners = new Set<() => void>();

export function hotkeyPreferences(): HotkeyPreferences {
  return current;
}

export function setHotkeyPreferences(next: HotkeyPreferences): void {
  current = next;
  writeStored("hotkeys", next);
  for (const listener of listeners) listener();
}

/** The keys that work now, or null where the shortcut is off or never had any. */
export function keysFor(id: HotkeyId): string | null {
  const own = current.keys[id];
  const keys = own === undefined ? hotkeyById(id).keys : own;
  if (keys && !current.characters && startsWithCharacter(keys)) return null;
  return keys;
}

/** The shortcut that already answers to these keys, other than the one being changed. */
export function conflictWith(id: HotkeyId, keys: string): Hotkey | undefined {
  return hotkeys.find((row) => {
    const taken = row.id === id ? null : keysFor(row.id);
    return taken !== null && collide(taken, keys);
  });
}

export function subscribeBindings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The same, kept up to date; without an id there are none. */
export function useKeys(id: HotkeyId | undefined): string | null {
  return useSyncExternalStore(subscribeBindings, () => (id ? keysFor(id) : null));
}

export function useHotkeyPreferences(): HotkeyPreferences {
  return useSyncExternalStore(subscribeBindings, hotkeyPreferences);
}
