import { lazyRouteComponent } from "@tanstack/react-router";

export type WelcomeStep = "inbox" | "channel" | "done";

export interface WelcomeSearch {
  /** The first step is the one without a name. */
  step?: "channel" | "done";
}

export function welcomeSearch(search: Record<string, unknown>): WelcomeSearch {
  return search.step === "channel" || search.step === "done" ? { step: search.step } : {};
}

export const welcome = {
  /** For the empty inbox of a new account. */
  Checklist: lazyRouteComponent(() => import("./Checklist"), "Checklist"),
  Page: lazyRouteComponent(() => import("./WelcomePage"), "WelcomePage"),
};
