import { lazyRouteComponent } from "@tanstack/react-router";
import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export { useCreateChannel } from "./model/channels";
export { applySettingsEvent } from "./model/events";
export { useChangeInbox, useCreateInbox } from "./model/inboxes";
export { useChangeMe } from "./model/me";
export { sampleQuery, useAddingSample } from "./model/sample";
export { type ChannelSearch, channelSearch, itemSearch } from "./model/search";

/** Its texts are its own: it stands outside the settings too. */
async function withSample<File>(file: Promise<File>): Promise<File> {
  const [loaded] = await Promise.all([file, loadTexts("sample", "problems")]);
  return loaded;
}

/** The names of merge fields are the composer's. */
async function withFields<File>(file: Promise<File>): Promise<File> {
  const [loaded] = await Promise.all([file, loadTexts("composer")]);
  return loaded;
}

export const settings = {
  Layout: lazyRouteComponent(() => import("./SettingsLayout"), "SettingsLayout"),
  Home: lazyRouteComponent(() => import("./SettingsHome"), "SettingsHome"),
  Business: lazyRouteComponent(() => import("./business/BusinessPage"), "BusinessPage"),
  Channels: lazyRouteComponent(() => import("./channels/ChannelsPage"), "ChannelsPage"),
  Inboxes: lazyRouteComponent(() => import("./inboxes/InboxesPage"), "InboxesPage"),
  Users: lazyRouteComponent(() => import("./users/UsersPage"), "UsersPage"),
  Canned: lazyRouteComponent(() => import("./canned/CannedPage"), "CannedPage"),
  Signature: lazyRouteComponent(() => import("./signature/SignaturePage"), "SignaturePage"),
  Fields: lazyRouteComponent(() => withFields(import("./fields/FieldsPage")), "FieldsPage"),
  Blocklist: lazyRouteComponent(() => import("./blocklist/BlocklistPage"), "BlocklistPage"),
  Intake: lazyRouteComponent(() => import("./intake/IntakePage"), "IntakePage"),
  Sample: lazyRouteComponent(() => withSample(import("./sample/SamplePage")), "SamplePage"),
  /** The same as a part of other pages. */
  SampleData: lazy(async () => {
    const file = await withSample(import("./sample/SampleData"));
    return { default: file.SampleData };
  }),
  Profile: lazyRouteComponent(() => import("./profile/ProfilePage"), "ProfilePage"),
  Shortcuts: lazyRouteComponent(() => import("./shortcuts/ShortcutsPage"), "ShortcutsPage"),
  Tokens: lazyRouteComponent(() => import("./tokens/TokensPage"), "TokensPage"),
};
