import { cloneElement, type ReactElement } from "react";
import type { HotkeyId } from "@/lib/hotkeys";

export type TooltipSide = "top" | "right" | "bottom" | "left";

interface Options {
  hotkey?: HotkeyId;
  side?: TooltipSide;
}

/**
 * Attributes that give an element a tooltip. They cost a row of a long list
 * nothing: one host for the whole page, loaded after the first paint, reads
 * them. The text repeats or expands the element's name and is never the only
 * place where something is said, so readers that never hover lose nothing.
 */
export function tip(text: string, { hotkey, side }: Options = {}) {
  return { "data-tip": text, "data-tip-hotkey": hotkey, "data-tip-side": side };
}

interface Props extends Options {
  text: string;
  children: ReactElement<object>;
}

/** The same as an element around a control that passes its attributes on. */
export function Tooltip({ text, hotkey, side, children }: Props) {
  return cloneElement(children, tip(text, { hotkey, side }));
}
