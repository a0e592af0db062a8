import { lazyRouteComponent } from "@tanstack/react-router";
import { isSort, isView, type Sort, type View } from "./model/views";

/** What the address holds: view, filter, sort, search and the open conversation. */
export interface InboxSearch {
  view?: View;
  /** Only this inbox. */
  inbox?: number;
  sort?: Sort;
  q?: string;
  /** The open conversation's id. */
  c?: number;
}

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const found: InboxSearch = {};
  if (isView(search.view)) found.view = search.view;
  if (isSort(search.sort)) found.sort = search.sort;
  if (typeof search.q === "string" && search.q.trim() !== "") found.q = search.q;
  const inbox = id(search.inbox);
  if (inbox) found.inbox = inbox;
  const conversation = id(search.c);
  if (conversation) found.c = conversation;
  return found;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export const InboxPage = lazyRouteComponent(() => import("./InboxPage"), "InboxPage");
