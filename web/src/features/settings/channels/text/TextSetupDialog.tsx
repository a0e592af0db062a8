import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { Channel } from "@/api/types";
import { readablePhone } from "@/lib/phones";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { textProvidersQuery, useTestText, watchedChannelsQuery } from "../../model/texts";
import { SetupSection } from "../SetupSection";
import { Connection } from "./Connection";

interface Props {
  channel: Channel;
  onClose: () => void;
}

/** From the provider's call to a text that comes in, and one that leaves. */
export function TextSetupDialog({ channel, onClose }: Props) {
  const { t } = useTranslation(["numbers", "common"]);
  useQuery(watchedChannelsQuery);
  const providers = useQuery(textProvidersQuery).data;
  const session = providers?.find(({ name }) => name === channel.provider)?.session;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("setupTitle")}
      description={`${channel.name} · ${readablePhone(channel.number ?? channel.address)}`}
      size="large"
      footer={
        <Button look="primary" onClick={onClose}>
          {t("setupDone")}
        </Button>
      }
    >
      <div className="grid gap-6 pb-3">
        {session === false && channel.webhook_url ? (
          <Calls channel={channel} address={channel.webhook_url} />
        ) : null}
        <SetupSection
          title={t("connection")}
          text={t(session ? "connectionSession" : "connectionText", {
            number: readablePhone(channel.number ?? channel.address),
          })}
        >
          <Connection channel={channel} />
        </SetupSection>
        <TestText channel={channel} />
      </div>
    </Dialog>
  );
}

/** How many steps each provider's page takes. */
const steps: Readonly<Record<string, number>> = {
  ...{ twilio: 3, telnyx: 3, vonage: 3, messagebird: 3, plivo: 3, http: 2 },
};

function Calls({ channel, address }: { channel: Channel; address: string }) {
  const { t } = useTranslation("numbers");
  const { provider = "" } = channel;
  return (
    <SetupSection title={t("calls")} text={t("callsText")}>
      <Field label={t("webhook")} hint={t("webhookHint")}>
        <CopyField mono value={address} />
      </Field>
      {reachable(address) ? null : <Banner tone="warn">{t("webhookLocal")}</Banner>}
      <ol className="grid list-decimal gap-1.5 pl-5 text-sm">
        {Array.from({ length: steps[provider] ?? 0 }, (_, index) => index + 1).map((step) => (
          <li key={step}>{t(`steps.${provider}.${step}` as "steps.twilio.1")}</li>
        ))}
      </ol>
    </SetupSection>
  );
}

/** A provider calls over the internet: not a machine that only we can see. */
function reachable(address: string): boolean {
  const { hostname, protocol } = new URL(address);
  return protocol === "https:" && hostname !== "localhost" && !/^127\.|^\[?::1/.test(hostname);
}

/** One text, sent now, beside all conversations. */
function TestText({ channel }: { channel: Channel }) {
  const { t } = useTranslation("numbers");
  const send = useTestText();
  const form = useForm({ defaultValues: { to: "", text: "" } });
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ to, text }) =>
    send.mutate(
      { id: channel.id, to, text },
      {
        onSuccess: ({ field, error }) => {
          if (error) showProblem(form, { fields: { [field]: error }, message: error });
        },
        onError: (problem) => showProblem(form, problem),
      },
    ),
  );
  const sent = send.data?.ok && !send.isPending;
  return (
    <SetupSection title={t("test")} text={t("testText")}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <FormError message={errors.root?.server?.message} />
        <div className="grid items-start gap-4 sm:grid-cols-[14rem_1fr]">
          <Field label={t("testTo")} error={errors.to?.message}>
            <TextField
              type="tel"
              autoComplete="tel"
              {...form.register("to", { required: t("testToMissing") })}
            />
          </Field>
          <Field label={t("testBody")} error={errors.text?.message} optional>
            <TextField autoComplete="off" placeholder={t("testUsual")} {...form.register("text")} />
          </Field>
        </div>
        <Button type="submit" className="justify-self-start" busy={send.isPending}>
          {t("testSend")}
        </Button>
        <div aria-live="polite">{sent ? <Banner tone="ok">{t("testSent")}</Banner> : null}</div>
      </form>
    </SetupSection>
  );
}
