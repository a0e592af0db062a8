import type { Slot } from "./mode";

/** What was typed before the editor was there, by composer. */
const waiting = new Map<string, string>();

export function typedName(conversation: number, slot: Slot): string {
  return `${conversation} ${slot}`;
}

/** The search for whom a new conversation is with. */
export const newName = "new";

export function typed(name: string): string {
  return waiting.get(name) ?? "";
}

export function keepTyped(name: string, text: string): void {
  if (text) waiting.set(name, text);
  else waiting.delete(name);
}

/** Hands it to the editor, once. */
export function takeTyped(name: string): string {
  const text = typed(name);
  waiting.delete(name);
  return text;
}
