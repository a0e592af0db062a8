import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { FormError } from "@/ui/FormError";
import { Spinner } from "@/ui/Spinner";
import { type RoundTrip, roundTripQuery, useStartRoundTrip } from "../model/way-tests";
import { SetupSection } from "./SetupSection";

/** A mail to the channel itself shows that mail leaves, that it arrives, and whether tags do. */
export function RoundTripTest({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const trip = useQuery(roundTripQuery(channel.id)).data;
  const start = useStartRoundTrip();
  const busy = start.isPending || trip?.state === "sent";
  return (
    <SetupSection
      title={t("setup.trip")}
      text={t("setup.tripText", { address: channel.address })}
      action={
        <Button busy={busy} onClick={() => start.mutate(channel.id)}>
          {t(trip ? "setup.tripAgain" : "setup.tripStart")}
        </Button>
      }
    >
      <FormError message={start.error?.message} />
      <div aria-live="polite">{trip ? <Outcome trip={trip} /> : null}</div>
    </SetupSection>
  );
}

function Outcome({ trip }: { trip: RoundTrip }) {
  const { t } = useTranslation("settings");
  const { state, error, plus_tags: tags, took_ms: took, started_at: at } = trip;
  if (state === "failed") return <Banner tone="danger">{error}</Banner>;
  if (state === "sent") {
    return (
      <p className="flex items-center gap-2 text-fg-2 text-sm">
        <Spinner />
        {t("setup.tripSent")}
      </p>
    );
  }
  const seconds = Math.max(1, Math.round((took ?? 0) / 1000));
  return (
    <Banner tone="ok">
      <p>{t("setup.tripArrived", { count: seconds, when: relativeTime(at) })}</p>
      <p>{t(tags === null ? "setup.tagsOpen" : tags ? "setup.tagsYes" : "setup.tagsNo")}</p>
    </Banner>
  );
}
