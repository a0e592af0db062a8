import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { Channel } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeChannel } from "../model/channels";
import { ChannelMail, type MailValues } from "./ChannelMail";
import { ChannelWays } from "./ChannelWays";
import { DeleteChannel } from "./DeleteChannel";
import { InboxSelect } from "./InboxSelect";

interface Props {
  channel: Channel;
  onClose: () => void;
}

interface Values extends MailValues {
  name: string;
  from_name: string;
  inbox_id: number | null;
  reopen_days: number;
  disabled: boolean;
}

/** Everything about one channel that is an address. */
export function ChannelDialog({ channel, onClose }: Props) {
  const { t } = useTranslation(["settings", "common"]);
  const change = useChangeChannel();
  const [deleting, setDeleting] = useState(false);
  const { name, address, from_name, inbox_id, reopen_days, disabled } = channel;
  const { add_signature, autoresponder_id } = channel;
  const form = useForm<Values>({
    defaultValues: {
      ...{ name, from_name, inbox_id, reopen_days, disabled },
      ...{ add_signature, autoresponder_id },
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) => {
    if (values.inbox_id === null) return;
    change.mutate(
      { id: channel.id, ...values, inbox_id: values.inbox_id },
      {
        onSuccess: () => {
          toast(t("channels.saved"));
          onClose();
        },
        onError: (problem) => showProblem(form, problem),
      },
    );
  });
  return (
    <FormDialog
      title={channel.name}
      description={t(`channels.type.${channel.type}`)}
      error={errors.root?.server?.message}
      busy={change.isPending}
      aside={
        <Button look="danger-ghost" onClick={() => setDeleting(true)}>
          {t("common:delete")}
        </Button>
      }
      onSubmit={submit}
      onClose={onClose}
    >
      {channel.incoming.way === "forward" ? <Forwarding channel={channel} /> : null}
      <ChannelWays channel={channel} />
      <Field label={t("channels.name")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("channels.nameMissing") })}
        />
      </Field>
      <Field label={t("channels.address")} hint={t("channels.addressFixed")}>
        <TextField readOnly value={address} />
      </Field>
      <InboxSelect control={form.control} name="inbox_id" />
      <Field
        label={t("channels.fromName")}
        hint={t("channels.fromNameHint")}
        error={errors.from_name?.message}
        optional
      >
        <TextField autoComplete="off" {...form.register("from_name")} />
      </Field>
      <Field
        label={t("channels.reopen")}
        hint={t("channels.reopenHint")}
        error={errors.reopen_days?.message}
      >
        <TextField
          type="number"
          min={0}
          inputMode="numeric"
          className="max-w-28"
          {...form.register("reopen_days", {
            valueAsNumber: true,
            validate: (days) => (days >= 0 ? undefined : t("channels.reopenMissing")),
          })}
        />
      </Field>
      <ChannelMail channel={channel} control={form.control} errors={errors} />
      <Controller
        control={form.control}
        name="disabled"
        render={({ field }) => (
          <Switch
            label={t("channels.enabled")}
            hint={t("channels.enabledHint")}
            checked={!field.value}
            onChange={(on) => field.onChange(!on)}
          />
        )}
      />
      {deleting ? (
        <DeleteChannel channel={channel} onCancel={() => setDeleting(false)} onDone={onClose} />
      ) : null}
    </FormDialog>
  );
}

function Forwarding({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const { address, forward_address: forward } = channel;
  return (
    <>
      <Field label={t("channels.forward")} hint={t("channels.forwardHint", { address })}>
        <CopyField value={forward} />
      </Field>
      {forward.endsWith("@localhost") ? (
        <Banner tone="warn">{t("channels.localOnly")}</Banner>
      ) : null}
    </>
  );
}
