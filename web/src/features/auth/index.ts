import { lazyRouteComponent } from "@tanstack/react-router";

export { setupQuery } from "./model/setup";

export interface ReturnSearch {
  /** Where the person was going: a path of ours, never another site. */
  return?: string;
}

export function returnSearch(search: Record<string, unknown>): ReturnSearch {
  const to = search.return;
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? { return: to } : {};
}

export interface TokenSearch {
  token?: string;
}

export function tokenSearch(search: Record<string, unknown>): TokenSearch {
  return search.token === undefined ? {} : { token: String(search.token) };
}

export const auth = {
  Layout: lazyRouteComponent(() => import("./CardLayout"), "CardLayout"),
  SignIn: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
  Forgot: lazyRouteComponent(() => import("./ForgotPage"), "ForgotPage"),
  Reset: lazyRouteComponent(() => import("./LinkPage"), "ResetPage"),
  Invite: lazyRouteComponent(() => import("./LinkPage"), "InvitePage"),
  Setup: lazyRouteComponent(() => import("./SetupPage"), "SetupPage"),
};
