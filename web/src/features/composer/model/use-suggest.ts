import { useMemo, useRef, useState } from "react";
import type { Asked, SuggestHost } from "../extensions/suggest";

export type ListKey = (event: KeyboardEvent) => boolean;

/** Stands between the editor, which knows what is asked for, and the list that answers. */
export function useSuggest() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const keys = useRef<ListKey | null>(null);
  const host = useMemo<SuggestHost>(
    () => ({ show: setAsked, onKey: (event) => keys.current?.(event) ?? false }),
    [],
  );
  return { asked, host, keys };
}

export type Suggesting = ReturnType<typeof useSuggest>;
