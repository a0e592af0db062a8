import { lazyRouteComponent } from "@tanstack/react-router";

export interface ReturnSearch {
  /** Where the person was going: a path of ours, never another site. */
  return?: string;
}

export function returnSearch(search: Record<string, unknown>): ReturnSearch {
  const to = search.return;
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? { return: to } : {};
}

export const auth = {
  Layout: lazyRouteComponent(() => import("./OutsideLayout"), "OutsideLayout"),
  SignIn: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
};
