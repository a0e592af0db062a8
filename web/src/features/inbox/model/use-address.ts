import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { fits, useMedia } from "@/lib/media";
import { useInbox } from "./state";

/** The address follows the cursor once it rests. */
const rest = 250;

/**
 * The open conversation and the address follow each other. On a phone the
 * thread is a page of its own, which the browser's Back leaves again.
 */
export function useAddress(c: number | undefined): void {
  const { selected, open, openThread, backToList, select } = useInbox();
  const navigate = useNavigate({ from: "/inbox" });
  const wide = useMedia(fits.panels);
  /** What the address held last, and what we wrote into it ourselves. */
  const known = useRef<number | undefined>(undefined);
  const written = useRef<number | undefined>(undefined);

  useEffect(() => {
    const before = known.current;
    known.current = c;
    if (c === written.current) return;
    written.current = c;
    if (c) openThread(c);
    else if (before) {
      backToList();
      select(undefined);
    }
  }, [c, openThread, backToList, select]);

  useEffect(() => {
    const shown = open ? selected : undefined;
    if (shown === written.current) return;
    const write = () => {
      written.current = shown;
      void navigate({
        search: ({ c: _, ...others }) => (shown ? { ...others, c: shown } : others),
        replace: wide || shown === undefined,
      });
    };
    const timer = setTimeout(write, wide ? rest : 0);
    return () => clearTimeout(timer);
  }, [selected, open, wide, navigate]);
}
