import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Conversation } from "@/api/types";
import { rowHeight } from "./Row";

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
    const first = Math.floor(element.scrollTop / rowHeight);
    const anchor = previous.slice(first).find((row) => rows.some((one) => one.id === row.id));
    if (!anchor) return;
    const moved =
      rows.findIndex((row) => row.id === anchor.id) -
      previous.findIndex((row) => row.id === anchor.id);
    if (moved !== 0) element.scrollTop += moved * rowHeight;
  }, [rows, scroller]);
}
