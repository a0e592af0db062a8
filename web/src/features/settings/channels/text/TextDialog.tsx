import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { Button } from "@/ui/Button";
import { FormDialog } from "@/ui/FormDialog";
import { Skeleton } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";
import { toast } from "@/ui/toast";
import { useChangeChannel } from "../../model/channels";
import { textProvidersQuery } from "../../model/texts";
import { DeleteChannel } from "../DeleteChannel";
import { Connection } from "./Connection";
import { TextFields } from "./TextFields";
import { changeOf, showFault, type TextValues, valuesOf } from "./values";

interface Props {
  channel: Channel;
  onClose: () => void;
  onSetUp: () => void;
}

/** Everything about a channel that is a number. */
export function TextDialog({ channel, onClose, onSetUp }: Props) {
  const { t } = useTranslation(["numbers", "settings", "common"]);
  const providers = useQuery(textProvidersQuery);
  const change = useChangeChannel();
  const [deleting, setDeleting] = useState(false);
  const form = useForm<TextValues>({ defaultValues: valuesOf(channel) });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) => {
    const provider = providers.data?.find(({ name }) => name === values.provider);
    if (!provider) return;
    change.mutate(changeOf(values, provider, channel), {
      onSuccess: () => {
        toast(t("settings:channels.saved"));
        onClose();
      },
      onError: (problem) => showFault(form, problem),
    });
  });
  return (
    <FormDialog
      title={channel.name}
      description={t("settings:channels.type.sms")}
      error={errors.root?.server?.message ?? providers.error?.message}
      busy={change.isPending}
      aside={
        <Button look="danger-ghost" onClick={() => setDeleting(true)}>
          {t("common:delete")}
        </Button>
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Connection channel={channel} />
      <Button className="justify-self-start" onClick={onSetUp}>
        {t("settings:setup.open")}
      </Button>
      {providers.isPending ? <Skeleton className="h-64" /> : null}
      {providers.data ? (
        <TextFields form={form} providers={providers.data} channel={channel} />
      ) : null}
      <Controller
        control={form.control}
        name="disabled"
        render={({ field }) => (
          <Switch
            label={t("settings:channels.enabled")}
            hint={t("enabledHint")}
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
