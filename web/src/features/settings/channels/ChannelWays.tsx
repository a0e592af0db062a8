import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Channel } from "@/api/types";
import { hasWayOut } from "@/api/way-out";
import { relativeTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Chip } from "@/ui/Chip";

const IncomingDialog = lazy(() =>
  import("./IncomingDialog").then((file) => ({ default: file.IncomingDialog })),
);
const SetupDialog = lazy(() =>
  import("./SetupDialog").then((file) => ({ default: file.SetupDialog })),
);
const OutgoingDialog = lazy(() =>
  import("./OutgoingDialog").then((file) => ({ default: file.OutgoingDialog })),
);

/** How the channel's mail comes in and leaves, how that fares, and the way to change it. */
export function ChannelWays({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const [changing, setChanging] = useState<"in" | "out" | "setup">();
  const { incoming, outgoing } = channel;
  const leaves = hasWayOut(channel, useMe().relay_configured);
  const inText = useIncomingText(incoming);
  const close = () => setChanging(undefined);
  return (
    <div className="grid gap-3">
      <Way
        label={t("ways.in")}
        text={inText}
        state={<WayState state={stateOf(incoming)} at={incoming.last_at} />}
        error={incoming.state === "failed" ? incoming.error : ""}
        change={t("ways.changeIn")}
        onChange={() => setChanging("in")}
      />
      <Way
        label={t("ways.out")}
        text={
          outgoing.way === "smtp"
            ? t("ways.outBy", { host: outgoing.smtp?.host ?? t("ways.ownServer") })
            : t(leaves ? "ways.outWay.default" : "ways.outNone")
        }
        state={outgoing.way === "smtp" ? <WayState state={outgoing.state} /> : null}
        error={!leaves ? t("ways.noRelay") : outgoing.state === "failed" ? outgoing.error : ""}
        change={t("ways.changeOut")}
        onChange={() => setChanging("out")}
      />
      <Button className="justify-self-start" onClick={() => setChanging("setup")}>
        {t("setup.open")}
      </Button>
      <Suspense fallback={null}>
        {changing === "setup" ? <SetupDialog channel={channel} onClose={close} /> : null}
        {changing === "in" ? <IncomingDialog channel={channel} onClose={close} /> : null}
        {changing === "out" ? <OutgoingDialog channel={channel} onClose={close} /> : null}
      </Suspense>
    </div>
  );
}

function useIncomingText({ way, imap, webhook, backfill }: Channel["incoming"]): string {
  const { t } = useTranslation("settings");
  if (way === "webhook" && webhook) {
    return t("ways.inBy", { provider: t(`ways.bringers.${webhook.provider}`) });
  }
  if (way !== "imap" || !imap) return t(`ways.way.${way}`);
  const from = t("ways.inFrom", { username: imap.username, host: imap.host });
  if (!backfill || backfill.done >= backfill.total) return from;
  return `${from} · ${t("ways.backfill", { done: backfill.done, total: backfill.total })}`;
}

interface WayProps {
  label: string;
  text: string;
  state: ReactNode;
  error: string;
  change: string;
  onChange: () => void;
}

function Way({ label, text, state, error, change, onChange }: WayProps) {
  const { t } = useTranslation("settings");
  return (
    <div className="grid gap-2 rounded-lg border border-line px-3 py-2.5">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium text-sm">{label}</p>
          <p className="break-words text-fg-2 text-sm">{text}</p>
        </div>
        {state}
        <Button size="small" aria-label={change} onClick={onChange}>
          {t("ways.change")}
        </Button>
      </div>
      {error ? <Banner tone="danger">{error}</Banner> : null}
    </div>
  );
}

const tones = {
  ...({ ok: "ok", connecting: "plain", failed: "danger", quiet: "warn" } as const),
  waiting: "plain",
} as const;

/** Only a mailbox is connected to; of the others nothing is known until they bring something. */
function stateOf({ way, state }: Channel["incoming"]): keyof typeof tones {
  return state === "connecting" && way !== "imap" ? "waiting" : state;
}

function WayState({ state, at }: { state: keyof typeof tones; at?: string | null | undefined }) {
  const { t } = useTranslation("settings");
  return (
    <Chip tone={tones[state]}>
      {state === "ok" && at ? relativeTime(at) : t(`ways.state.${state}`)}
    </Chip>
  );
}
