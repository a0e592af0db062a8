import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { inboxesQuery } from "@/api/nouns";
import { useCreateChannel } from "@/features/settings";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { StepHead } from "./StepHead";

interface Props {
  onDone: () => void;
  onSkip: () => void;
}

/** Connects the address that contacts write to. */
export function ChannelStep({ onDone, onSkip }: Props) {
  const { t } = useTranslation("welcome");
  const inboxes = useQuery(inboxesQuery);
  const create = useCreateChannel();
  const form = useForm({ defaultValues: { address: "", name: "" } });
  const { errors } = form.formState;
  const inbox = inboxes.data?.[0];
  const submit = form.handleSubmit(({ address, name }) => {
    if (!inbox) return;
    create.mutate(
      { type: "email", address, name: name || address, from_name: name, inbox_id: inbox.id },
      { onSuccess: onDone, onError: (problem) => showProblem(form, problem) },
    );
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <StepHead step={2} title={t("channel.title")} text={t("channel.text")} />
      <FormError message={errors.root?.server?.message ?? inboxes.error?.message} />
      <Field
        label={t("channel.address")}
        hint={t("channel.addressHint")}
        error={errors.address?.message}
      >
        <TextField
          type="email"
          autoComplete="off"
          placeholder="support@example.com"
          {...form.register("address", { required: t("channel.addressMissing") })}
        />
      </Field>
      <Field label={t("channel.name")} hint={t("channel.nameHint")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("channel.nameMissing") })}
        />
      </Field>
      <p className="text-fg-2">
        {t("channel.number")}{" "}
        <Link
          to="/settings/channels"
          search={{ item: "new", type: "sms" }}
          className="text-accent-text underline"
        >
          {t("channel.toNumber")}
        </Link>
      </p>
      <div className="flex gap-2">
        <Button look="ghost" size="large" onClick={onSkip}>
          {t("channel.skip")}
        </Button>
        <Button
          type="submit"
          look="primary"
          size="large"
          className="flex-1"
          busy={inboxes.isPending || create.isPending}
        >
          {t("channel.action")}
        </Button>
      </div>
    </form>
  );
}
