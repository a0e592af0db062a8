import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "@/lib/title";
import { ChannelStep } from "./ChannelStep";
import { DoneStep } from "./DoneStep";
import { InboxStep } from "./InboxStep";

const route = getRouteApi("/signed-in/card/welcome");

type WelcomeStep = "inbox" | "channel" | "done";

/** From an empty account to one that can receive mail, in two questions. */
export function WelcomePage() {
  const { t } = useTranslation("welcome");
  useTitle(t("title"));
  const navigate = useNavigate();
  const { step = "inbox" } = route.useSearch();
  const go = (next: WelcomeStep) =>
    void navigate({ to: "/welcome", search: next === "inbox" ? {} : { step: next } });
  if (step === "inbox") return <InboxStep onDone={() => go("channel")} />;
  if (step === "channel") {
    return <ChannelStep onDone={() => go("done")} onSkip={() => go("done")} />;
  }
  return <DoneStep />;
}
