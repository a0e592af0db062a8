import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { useForgot } from "./model/queries";

export function ForgotPage() {
  const { t } = useTranslation("auth");
  useTitle(t("forgot.title"));
  const forgot = useForgot();
  const form = useForm({ defaultValues: { email: "" } });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    forgot.mutate(values, { onError: (problem) => showProblem(form, problem) }),
  );
  const back = (
    <Link to="/sign-in" className="justify-self-start text-accent-text hover:underline">
      {t("forgot.back")}
    </Link>
  );
  if (forgot.isSuccess) {
    return (
      <div className="grid gap-4">
        <h1 className="font-semibold text-xl">{t("forgot.sentTitle")}</h1>
        <p role="status" className="break-words text-base text-fg-2">
          {t("forgot.sent", { email: forgot.variables.email })}
        </p>
        {back}
      </div>
    );
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <div>
        <h1 className="font-semibold text-xl">{t("forgot.title")}</h1>
        <p className="mt-1 text-fg-2">{t("forgot.text")}</p>
      </div>
      <FormError message={errors.root?.server?.message} />
      <Field label={t("email")} error={errors.email?.message}>
        <TextField
          type="email"
          autoComplete="username"
          {...form.register("email", { required: t("emailMissing") })}
        />
      </Field>
      <Button type="submit" look="primary" size="large" busy={forgot.isPending}>
        {t("forgot.action")}
      </Button>
      {back}
    </form>
  );
}
