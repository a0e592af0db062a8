import { useEffect } from "react";
import { announce } from "./announce";

/** Names the page in the tab and tells those who cannot see that it has changed. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Parley`;
    announce(title);
  }, [title]);
}
