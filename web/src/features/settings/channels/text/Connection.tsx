import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Chip } from "@/ui/Chip";
import { textProvidersQuery } from "../../model/texts";

/** Whether texts come in, and whether they can leave. */
export function Connection({ channel }: { channel: Channel }) {
  const { t } = useTranslation("numbers");
  const { incoming, outgoing } = channel;
  const providers = useQuery(textProvidersQuery).data;
  const session = providers?.find(({ name }) => name === channel.provider)?.session ?? false;
  return (
    <dl className="grid gap-2 rounded-lg border border-line px-3 py-2.5 text-sm">
      <Line label={t("received")} error={!session ? failureOf(incoming) : ""}>
        <LastReceived at={channel.last_inbound_at} />
      </Line>
      {session ? (
        <Line label={t("session")} error={failureOf(incoming)}>
          <State state={incoming.state} />
        </Line>
      ) : null}
      <Line label={t("sending")} error={failureOf(outgoing)}>
        {outgoing.state === "connecting" && !session ? (
          <Chip tone="plain">{t("untried")}</Chip>
        ) : (
          <State state={outgoing.state} />
        )}
      </Line>
    </dl>
  );
}

function failureOf({ state, error }: { state: string; error: string }): string {
  return state === "failed" ? error : "";
}

interface LineProps {
  label: string;
  error?: string;
  children: ReactNode;
}

function Line({ label, error = "", children }: LineProps) {
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-3 gap-y-2">
      <dt className="font-medium">{label}</dt>
      <dd>{children}</dd>
      {error ? (
        <dd className="col-span-2">
          <Banner tone="danger">{error}</Banner>
        </dd>
      ) : null}
    </div>
  );
}

const tones = { ok: "ok", connecting: "plain", failed: "danger", quiet: "warn" } as const;

function State({ state }: { state: keyof typeof tones }) {
  const { t } = useTranslation("settings");
  return <Chip tone={tones[state]}>{t(`ways.state.${state}`)}</Chip>;
}

/** Says it to those who hear it too, once the first text is there; its age grows by itself. */
function LastReceived({ at }: { at: string | null }) {
  const { t } = useTranslation("numbers");
  const [, grow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => grow((count) => count + 1), 20_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="status">
      {at ? (
        <Chip tone="ok">{relativeTime(at)}</Chip>
      ) : (
        <Chip tone="warn">{t("receivedNever")}</Chip>
      )}
    </span>
  );
}
