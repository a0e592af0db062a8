import { lazyRouteComponent } from "@tanstack/react-router";

export const settings = {
  Layout: lazyRouteComponent(() => import("./SettingsLayout"), "SettingsLayout"),
  Profile: lazyRouteComponent(() => import("./profile/ProfilePage"), "ProfilePage"),
};
