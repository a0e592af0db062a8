import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { buttonClass } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import { type Confirmation, confirmationQuery } from "../model/way-tests";
import { SetupSection } from "./SetupSection";

const hosts = {
  gmail: 4,
  workspace: 4,
  microsoft: 4,
  other: 3,
} as const;

type Host = keyof typeof hosts;

/** What to do in the mailbox, one step after the other, and what its provider asks meanwhile. */
export function ForwardingSteps({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const [host, setHost] = useState<Host>("gmail");
  const confirmation = useQuery(confirmationQuery(channel.id)).data;
  const steps = Array.from({ length: hosts[host] }, (_, index) => index + 1);
  return (
    <SetupSection title={t("setup.forward")} text={t("setup.forwardText")}>
      <Field label={t("setup.host")}>
        <Select
          value={host}
          onChange={setHost}
          options={(Object.keys(hosts) as Host[]).map((value) => ({
            value,
            label: t(`setup.hosts.${value}`),
          }))}
        />
      </Field>
      <Field label={t("channels.forward")}>
        <CopyField value={channel.forward_address} />
      </Field>
      <ol className="grid list-decimal gap-1.5 pl-5 text-sm">
        {steps.map((step) => (
          <li key={`${host}-${step}`}>
            {t(`setup.steps.${host}.${step}` as "setup.steps.gmail.1")}
          </li>
        ))}
      </ol>
      {confirmation ? <Confirm confirmation={confirmation} /> : null}
    </SetupSection>
  );
}

/** The provider's mail came in: what it wants, without looking for it among the conversations. */
function Confirm({ confirmation }: { confirmation: Confirmation }) {
  const { t } = useTranslation("settings");
  const { code, link, provider, at } = confirmation;
  const known = provider === "google" || provider === "microsoft";
  const name = known ? t(`ways.providers.${provider}`) : provider;
  return (
    <Banner
      tone="ok"
      alert
      action={
        link ? (
          <a
            href={link}
            target="_blank"
            rel="noreferrer noopener"
            className={buttonClass("outline", "small")}
          >
            {t("setup.confirm")}
          </a>
        ) : undefined
      }
    >
      <p>{t("setup.confirmation", { provider: name, when: relativeTime(at) })}</p>
      {code ? (
        <p>
          {t("setup.code")} <strong className="select-all font-mono">{code}</strong>
        </p>
      ) : null}
    </Banner>
  );
}
