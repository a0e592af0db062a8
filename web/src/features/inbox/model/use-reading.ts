import { useEffect } from "react";
import type { Conversation } from "@/api/types";
import { useReading } from "./actions";

const patience = 1000;

/**
 * Opening marks read after a second in view: never while flying over with j
 * and k, and never in a tab that nobody looks at.
 */
export function useMarkRead(conversation: Conversation | undefined, open: boolean): void {
  const { read } = useReading(conversation?.id ?? 0);
  const { mutate } = read;
  const unread = conversation?.unread ?? false;
  const seq = conversation?.last_seq ?? 0;
  const id = conversation?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is newer starts the second anew
  useEffect(() => {
    if (!open || !unread || !id) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") {
        timer = setTimeout(() => mutate({ seq }), patience);
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [open, unread, id, seq]);
}
