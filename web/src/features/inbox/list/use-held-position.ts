import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Conversation } from "@/api/types";
import { rowHeight } from "./Row";

/**
 * How many rows further down what is in sight has come: those that arrived
 * above the first visible row, less those that left.
 */
export function shiftOf(
  before: readonly Conversation[],
  after: readonly Conversation[],
  firstVisible: number,
): number {
  const places = new Map(after.map((row, index) => [row.id, index]));
  for (const [index, row] of before.entries()) {
    const place = index < firstVisible ? undefined : places.get(row.id);
    if (place !== undefined) return place - index;
  }
  return 0;
}

/**
 * The list never jumps under the cursor: where rows arrive or leave above what
 * is in sight, the scroll moves with them. At the very top, with no pointer
 * over the list, new rows come into view.
 */
export function useHeldPosition(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly Conversation[],
): void {
  const before = useRef<readonly Conversation[]>(rows);
  useLayoutEffect(() => {
    const element = scroller.current;
    const previous = before.current;
    before.current = rows;
    if (!element || previous === rows || previous.length === 0) return;
    if (element.scrollTop === 0 && !element.matches(":hover")) return;
    const shift = shiftOf(previous, rows, Math.floor(element.scrollTop / rowHeight));
    if (shift !== 0) element.scrollTop += shift * rowHeight;
  }, [rows, scroller]);
}
