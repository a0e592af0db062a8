import { lazyRouteComponent } from "@tanstack/react-router";

/** What the address holds: the view is the URL. */
export interface InboxSearch {
  view?: string;
  /** The open conversation's id. */
  c?: number;
}

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const found: InboxSearch = {};
  if (typeof search.view === "string") found.view = search.view;
  const id = Number(search.c);
  if (Number.isSafeInteger(id) && id > 0) found.c = id;
  return found;
}

export const InboxPage = lazyRouteComponent(() => import("./InboxPage"), "InboxPage");
