import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { inboxesQuery } from "@/api/nouns";
import { useChangeInbox, useCreateInbox } from "@/features/settings";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { StepHead } from "./StepHead";

/** Names the first inbox; on the way back it renames the one there is. */
export function InboxStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("welcome");
  const inboxes = useQuery(inboxesQuery);
  const first = inboxes.data?.[0];
  const create = useCreateInbox();
  const change = useChangeInbox();
  const form = useForm({ values: { name: first?.name ?? t("inbox.suggestion") } });
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ name }) => {
    const options = {
      onSuccess: onDone,
      onError: (problem: Parameters<typeof showProblem>[1]) => showProblem(form, problem),
    };
    if (first) change.mutate({ id: first.id, name }, options);
    else create.mutate({ name }, options);
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <StepHead step={1} title={t("inbox.title")} text={t("inbox.text")} />
      <FormError message={errors.root?.server?.message} />
      <Field label={t("inbox.name")} error={errors.name?.message}>
        <TextField {...form.register("name", { required: t("inbox.nameMissing") })} />
      </Field>
      <Button
        type="submit"
        look="primary"
        size="large"
        busy={inboxes.isPending || create.isPending || change.isPending}
      >
        {t("next")}
      </Button>
    </form>
  );
}
