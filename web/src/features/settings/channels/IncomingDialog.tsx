import { Controller, type UseFormReturn, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { RadioGroup } from "@/ui/RadioGroup";
import { Select } from "@/ui/Select";
import { TextField } from "@/ui/TextField";
import { type IncomingBody, useCheckIncoming, useSetIncoming } from "../model/ways";
import { CheckButton, CheckResult } from "./Check";
import { ServerFields, type ServerForm } from "./ServerFields";
import { type ServerValues, secretOf, serverOf, serverValues } from "./server";
import { useWayForm } from "./use-way-form";

interface Values extends ServerValues {
  way: IncomingBody["way"];
  mailbox: string;
  /** A day, as the date field writes it; empty: nothing older than now. */
  since: string;
  bringer: NonNullable<IncomingBody["webhook"]>["provider"];
  topic_arn: string;
  key: string;
}

interface Props {
  channel: Channel;
  onClose: () => void;
}

const ways = ["forward", "imap", "webhook"] as const;
const bringers = ["postmark", "mailgun", "sendgrid", "ses"] as const;

/** How the channel's mail comes in. */
export function IncomingDialog({ channel, onClose }: Props) {
  const { t } = useTranslation("settings");
  const { imap, webhook, way } = channel.incoming;
  const set = useSetIncoming();
  const check = useCheckIncoming();
  const form = useForm<Values>({
    defaultValues: {
      ...serverValues(imap, "imap", channel.address),
      way: ways.find((one) => one === way) ?? "forward",
      ...{ mailbox: imap?.mailbox ?? "INBOX", since: dayOf(imap?.since) },
      ...{ bringer: webhook?.provider ?? "postmark", topic_arn: webhook?.topic_arn ?? "", key: "" },
    },
  });
  const chosen = useWatch({ control: form.control, name: "way" });
  const { errors } = form.formState;
  const { submit, tryIt } = useWayForm({ channel: channel.id, form, bodyOf, set, check, onClose });
  return (
    <FormDialog
      title={t("ways.inTitle")}
      description={channel.address}
      error={errors.root?.server?.message}
      busy={set.isPending}
      blocked={check.isPending}
      aside={chosen === "imap" ? <CheckButton check={check} onPress={tryIt} /> : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <Controller
        control={form.control}
        name="way"
        render={({ field }) => (
          <RadioGroup
            label={t("ways.in")}
            value={field.value}
            onChange={(next) => {
              field.onChange(next);
              form.clearErrors();
              check.reset();
            }}
            options={ways.map((value) => ({
              value,
              label: t(`ways.way.${value}`),
              hint: t(`ways.wayHint.${value}`),
            }))}
          />
        )}
      />
      {chosen === "forward" ? (
        <Field label={t("channels.forward")}>
          <CopyField value={channel.forward_address} />
        </Field>
      ) : null}
      {chosen === "imap" ? (
        <>
          <ServerFields
            form={{ ...form, errors } as unknown as ServerForm}
            protocol="imap"
            kept={Boolean(imap)}
          />
          <Field
            label={t("ways.mailbox")}
            hint={t("ways.mailboxHint")}
            error={errors.mailbox?.message}
          >
            <TextField autoComplete="off" {...form.register("mailbox")} />
          </Field>
          <Field
            label={t("ways.since")}
            hint={t("ways.sinceHint")}
            error={errors.since?.message}
            optional
          >
            <TextField type="date" className="max-w-44" {...form.register("since")} />
          </Field>
        </>
      ) : null}
      {chosen === "webhook" ? <HookFields form={form} channel={channel} /> : null}
      <CheckResult check={check} good={t("ways.inWorks")} />
    </FormDialog>
  );
}

interface HookProps {
  form: UseFormReturn<Values>;
  channel: Channel;
}

/** A mail provider that brings what it receives: which, and how its calls are known to be its own. */
function HookFields({ form, channel }: HookProps) {
  const { t } = useTranslation("settings");
  const bringer = useWatch({ control: form.control, name: "bringer" });
  const { errors } = form.formState;
  const { webhook } = channel.incoming;
  const signed = bringer === "mailgun";
  return (
    <>
      <Controller
        control={form.control}
        name="bringer"
        render={({ field, fieldState }) => (
          <Field label={t("ways.bringer")} error={fieldState.error?.message}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={bringers.map((value) => ({ value, label: t(`ways.bringers.${value}`) }))}
            />
          </Field>
        )}
      />
      {bringer === "ses" ? (
        <Field label={t("ways.topic")} hint={t("ways.topicHint")} error={errors.topic_arn?.message}>
          <TextField autoComplete="off" spellCheck={false} {...form.register("topic_arn")} />
        </Field>
      ) : (
        <Field
          label={t(signed ? "ways.signingKey" : "ways.hookPassword")}
          hint={t(signed ? "ways.signingKeyHint" : "ways.hookPasswordHint")}
          error={errors.key?.message}
          optional={!signed || Boolean(webhook)}
        >
          <TextField type="password" autoComplete="off" {...form.register("key")} />
        </Field>
      )}
      {channel.webhook_url && webhook ? (
        <Field label={t("ways.hookUrl")} hint={t("ways.hookUrlHint")}>
          <CopyField mono value={channel.webhook_url} />
        </Field>
      ) : (
        <Banner>{t("ways.hookUrlLater")}</Banner>
      )}
    </>
  );
}

/** The reader's own day, as the field writes it: what is sent is its first moment. */
function dayOf(since: string | null | undefined): string {
  if (!since) return "";
  const at = new Date(since);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function bodyOf(values: Values): IncomingBody {
  const { way, mailbox, since, bringer, topic_arn, key } = values;
  if (way === "imap") {
    const from = since ? new Date(`${since}T00:00:00`).toISOString() : null;
    return { way, imap: { ...serverOf(values), mailbox, since: from }, ...secretOf(values) };
  }
  if (way === "webhook") {
    const topic = bringer === "ses" ? { topic_arn } : {};
    return { way, webhook: { provider: bringer, ...topic }, ...(key ? { key } : {}) };
  }
  return { way };
}
