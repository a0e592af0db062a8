import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { useMe } from "@/api/me";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeMe } from "../model/me";
import { SettingsSection } from "../SettingsPage";

export function DetailsSection() {
  const { t } = useTranslation(["settings", "common"]);
  const { user } = useMe();
  const change = useChangeMe();
  const form = useForm({ values: { name: user.name } });
  const { errors, isDirty } = form.formState;
  const submit = form.handleSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => toast(t("common:saved")),
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <SettingsSection title={t("profile.details")}>
      <form onSubmit={submit} noValidate className="grid max-w-100 gap-4">
        <FormError message={errors.root?.server?.message} />
        <Field label={t("profile.name")} hint={t("profile.nameHint")} error={errors.name?.message}>
          <TextField
            autoComplete="name"
            {...form.register("name", { required: t("profile.nameMissing") })}
          />
        </Field>
        <Field label={t("profile.email")} hint={t("profile.emailHint")}>
          <TextField readOnly value={user.email} />
        </Field>
        <Button
          type="submit"
          look="primary"
          className="justify-self-start"
          disabled={!isDirty}
          busy={change.isPending}
        >
          {t("common:save")}
        </Button>
      </form>
    </SettingsSection>
  );
}
