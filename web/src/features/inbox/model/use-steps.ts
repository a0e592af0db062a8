import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import type { Conversation } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { fits, useMedia } from "@/lib/media";
import { prefetchConversation } from "./queries";
import { useInbox } from "./state";

/** How long the cursor rests before its neighbours are made ready, the nearest first. */
const rest = 120;
const neighbours = [1, -1, 2];

/**
 * The cursor in the list: j and k, the arrow keys, Enter. A row that has left
 * the list leaves its place behind, from where the cursor goes on.
 */
export function useSteps() {
  const client = useQueryClient();
  const { openThread, openDraft, select } = useInbox();
  const wide = useMedia(fits.panels);
  const rows = useRef<readonly Conversation[]>([]);
  const place = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const to = useCallback(
    (index: number) => {
      const all = rows.current;
      const row = all[Math.max(0, Math.min(all.length - 1, index))];
      if (!row) return;
      place.current = all.indexOf(row);
      if (wide) openThread(row.id);
      else select(row.id);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        for (const distance of neighbours) {
          const near = all[place.current + distance];
          if (near) prefetchConversation(client, near.id);
        }
      }, rest);
    },
    [client, openThread, select, wide],
  );

  /** What is looked for among drafts is what was begun. */
  const show = useCallback(
    (id: number) => {
      const begun = rows.current.find((row) => row.id === id)?.draft_preview;
      if (begun) openDraft(id);
      else openThread(id);
    },
    [openDraft, openThread],
  );

  const steps = useMemo(
    () => ({
      step(by: 1 | -1) {
        const { selected } = useInbox.getState();
        if (selected === undefined) return to(by > 0 ? 0 : rows.current.length - 1);
        const now = rows.current.findIndex((row) => row.id === selected);
        if (now >= 0) to(now + by);
        else to(by > 0 ? place.current : place.current - 1);
      },
      first: () => to(0),
      last: () => to(rows.current.length - 1),
      /** Where the cursor stands, also when the row that stood there has left. */
      place: () => place.current,
      /** The list as it is shown now. */
      setRows(next: readonly Conversation[]) {
        rows.current = next;
        const { selected } = useInbox.getState();
        const now = next.findIndex((row) => row.id === selected);
        if (now >= 0) place.current = now;
      },
      /** By the pointer. */
      open(id: number) {
        const now = rows.current.findIndex((row) => row.id === id);
        if (now >= 0) place.current = now;
        show(id);
      },
    }),
    [to, show],
  );

  useHotkey("next", () => steps.step(1));
  useHotkey("previous", () => steps.step(-1));
  useHotkey("open", () => {
    const { selected } = useInbox.getState();
    if (selected === undefined) return;
    if (rows.current.some((row) => row.id === selected)) show(selected);
    else to(place.current);
    requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-thread]")?.focus());
  });
  return steps;
}

export type Steps = ReturnType<typeof useSteps>;
