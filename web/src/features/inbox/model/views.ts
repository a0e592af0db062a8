import type { HotkeyId } from "@/lib/hotkeys";

/** The built-in views, in the order of the sidebar. */
export const views = [
  "my_unread",
  "my_open",
  "unassigned",
  "all_open",
  "mentions",
  "drafts",
  "scheduled",
  "failed",
  "closed",
  "spam",
] as const;
export type View = (typeof views)[number];
export const defaultView: View = "all_open";

export const sorts = ["newest", "added", "waiting"] as const;
export type Sort = (typeof sorts)[number];
export const defaultSort: Sort = "newest";

export const viewHotkeys: Record<View, HotkeyId> = {
  my_unread: "go_my_unread",
  my_open: "go_my_open",
  unassigned: "go_unassigned",
  all_open: "go_all_open",
  mentions: "go_mentions",
  drafts: "go_drafts",
  scheduled: "go_scheduled",
  failed: "go_failed",
  closed: "go_closed",
  spam: "go_spam",
};

export function isView(value: unknown): value is View {
  return views.some((view) => view === value);
}

export function isSort(value: unknown): value is Sort {
  return sorts.some((sort) => sort === value);
}
