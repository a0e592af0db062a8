import { useEffect, useRef, useSyncExternalStore } from "react";
import { availableHotkeys, type HotkeyHandler, registerHotkey, subscribeHotkeys } from "./dispatch";
import type { HotkeyId } from "./table";

export {
  conflictWith,
  defaultHotkeys,
  type HotkeyPreferences,
  hotkeyPreferences,
  keysFor,
  parseHotkeys,
  setHotkeyPreferences,
  useHotkeyPreferences,
  useKeys,
} from "./bindings";
export { bindHotkeys, type HotkeyHandler, isTyping, quietHotkeys, runHotkey } from "./dispatch";
export { ariaKeys, keyCaps, keysOf, startsWithCharacter } from "./keys";
export {
  type Hotkey,
  type HotkeyGroup,
  type HotkeyId,
  hotkeyById,
  hotkeyGroups,
  hotkeys,
} from "./table";

/** Answers for a shortcut while the component is mounted and enabled. */
export function useHotkey(id: HotkeyId, handler: HotkeyHandler, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    return registerHotkey(id, (event) => latest.current(event));
  }, [id, enabled]);
}

/** What can be done now, for the palette. */
export function useAvailableHotkeys(): readonly HotkeyId[] {
  return useSyncExternalStore(subscribeHotkeys, availableHotkeys);
}
