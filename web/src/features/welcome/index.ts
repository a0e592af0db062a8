import { lazyRouteComponent } from "@tanstack/react-router";
import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export interface WelcomeSearch {
  /** The first step is the one without a name. */
  step?: "channel" | "done";
}

export function welcomeSearch(search: Record<string, unknown>): WelcomeSearch {
  return search.step === "channel" || search.step === "done" ? { step: search.step } : {};
}

export const welcome = {
  /** For the inbox of a new account, which brings none of its texts along. */
  Checklist: lazy(async () => {
    const [file] = await Promise.all([import("./Checklist"), loadTexts("welcome")]);
    return { default: file.Checklist };
  }),
  Page: lazyRouteComponent(() => import("./WelcomePage"), "WelcomePage"),
};
