import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { Channel } from "@/api/types";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useCreateChannel } from "../model/channels";
import { InboxChoice, type RouteValues, routeOf } from "./InboxChoice";

interface Props {
  onClose: () => void;
  onCreated: (channel: Channel) => void;
}

interface Values extends RouteValues {
  address: string;
  from_name: string;
}

/** Asks for what a channel can't do without; its forwarding address shows once it exists. */
export function NewChannelDialog({ onClose, onCreated }: Props) {
  const { t } = useTranslation("settings");
  const create = useCreateChannel();
  const form = useForm<Values>({
    defaultValues: { name: "", address: "", from_name: "", inbox_id: null, new_inbox: null },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) => {
    const route = routeOf(values);
    if (!route) return;
    const { name, address, from_name } = values;
    create.mutate(
      { type: "email", name, address, from_name, ...route },
      {
        onSuccess: (channel) => {
          toast(t("channels.created"));
          onCreated(channel);
        },
        onError: (problem) => showProblem(form, problem),
      },
    );
  });
  return (
    <FormDialog
      title={t("channels.newTitle")}
      description={t("channels.newText")}
      error={errors.root?.server?.message}
      busy={create.isPending}
      action={t("channels.create")}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("channels.name")} hint={t("channels.nameHint")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("channels.nameMissing") })}
        />
      </Field>
      <Field
        label={t("channels.address")}
        hint={t("channels.addressHint")}
        error={errors.address?.message}
      >
        <TextField
          type="email"
          autoComplete="off"
          {...form.register("address", { required: t("channels.addressMissing") })}
        />
      </Field>
      <InboxChoice form={form} />
      <Field
        label={t("channels.fromName")}
        hint={t("channels.fromNameHint")}
        error={errors.from_name?.message}
        optional
      >
        <TextField autoComplete="off" {...form.register("from_name")} />
      </Field>
    </FormDialog>
  );
}
