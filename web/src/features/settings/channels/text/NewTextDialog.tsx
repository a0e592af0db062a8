import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Channel } from "@/api/types";
import { FormDialog } from "@/ui/FormDialog";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/toast";
import { useCreateChannel } from "../../model/channels";
import { textProvidersQuery } from "../../model/texts";
import { routeOf } from "../InboxChoice";
import { TextFields } from "./TextFields";
import { creation, newValues, showFault, type TextValues } from "./values";

interface Props {
  onClose: () => void;
  onCreated: (channel: Channel) => void;
}

/** A number becomes a channel. What is wrong is said where it stands, and nothing typed is lost. */
export function NewTextDialog({ onClose, onCreated }: Props) {
  const { t } = useTranslation(["numbers", "settings"]);
  const { region } = useMe().account;
  const providers = useQuery(textProvidersQuery);
  const create = useCreateChannel();
  const form = useForm<TextValues>({ defaultValues: newValues(region) });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) => {
    const provider = providers.data?.find(({ name }) => name === values.provider);
    const route = routeOf(values);
    if (!provider || !route) return;
    create.mutate(creation(values, provider, route), {
      onSuccess: (channel) => {
        toast(t("created"));
        onCreated(channel);
      },
      onError: (problem) => showFault(form, problem),
    });
  });
  return (
    <FormDialog
      title={t("newTitle")}
      description={t("newText")}
      error={errors.root?.server?.message ?? providers.error?.message}
      busy={create.isPending}
      action={t("settings:channels.create")}
      onSubmit={submit}
      onClose={onClose}
    >
      {providers.isPending ? <Skeleton className="h-64" /> : null}
      {providers.data ? <TextFields form={form} providers={providers.data} /> : null}
    </FormDialog>
  );
}
