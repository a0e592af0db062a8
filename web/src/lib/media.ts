import { useCallback, useSyncExternalStore } from "react";

/** The widths at which panels fold. Named for what fits, not for a device. */
export const fits = {
  /** One panel at a time below this. */
  panels: "(min-width: 768px)",
  /** The views sidebar stands beside the list from here. */
  sidebar: "(min-width: 1280px)",
  /** The contact panel too. */
  all: "(min-width: 1360px)",
} as const;

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
