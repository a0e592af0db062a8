import { lazyRouteComponent } from "@tanstack/react-router";

export { useCreateChannel } from "./model/channels";
export { applySettingsEvent } from "./model/events";
export { useChangeInbox, useCreateInbox } from "./model/inboxes";

export interface ItemSearch {
  /** The thing whose dialog is open, or "new". */
  item?: number | "new";
}

export function itemSearch(search: Record<string, unknown>): ItemSearch {
  if (search.item === "new") return { item: "new" };
  const id = Number(search.item);
  return Number.isSafeInteger(id) && id > 0 ? { item: id } : {};
}

export const settings = {
  Layout: lazyRouteComponent(() => import("./SettingsLayout"), "SettingsLayout"),
  Home: lazyRouteComponent(() => import("./SettingsHome"), "SettingsHome"),
  Channels: lazyRouteComponent(() => import("./channels/ChannelsPage"), "ChannelsPage"),
  Inboxes: lazyRouteComponent(() => import("./inboxes/InboxesPage"), "InboxesPage"),
  Users: lazyRouteComponent(() => import("./users/UsersPage"), "UsersPage"),
  Intake: lazyRouteComponent(() => import("./intake/IntakePage"), "IntakePage"),
  Profile: lazyRouteComponent(() => import("./profile/ProfilePage"), "ProfilePage"),
  Shortcuts: lazyRouteComponent(() => import("./shortcuts/ShortcutsPage"), "ShortcutsPage"),
  Tokens: lazyRouteComponent(() => import("./tokens/TokensPage"), "TokensPage"),
};
