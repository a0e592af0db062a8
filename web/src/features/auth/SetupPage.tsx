import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { ownTimezone, timezones } from "@/lib/dates";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { type SetupValues, useSetup } from "./model/queries";

const Combobox = lazy(() =>
  import("@/ui/Combobox").then((file) => ({ default: file.Combobox<string> })),
);

const zones = timezones().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));

/** First run: names the account and makes its owner. What comes next is the welcome tour. */
export function SetupPage() {
  const { t } = useTranslation("auth");
  useTitle(t("setup.title"));
  const navigate = useNavigate();
  const [step, setStep] = useState<"account" | "owner">("account");
  const setup = useSetup();
  const form = useForm<SetupValues>({
    defaultValues: { account_name: "", timezone: ownTimezone(), name: "", email: "", password: "" },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) => {
    if (step === "account") return setStep("owner");
    setup.mutate(values, {
      onSuccess: () => void navigate({ to: "/welcome" }),
      onError: (problem) => {
        if (problem.fields.account_name || problem.fields.timezone) setStep("account");
        showProblem(form, problem);
      },
    });
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <div>
        <p className="text-fg-3 text-xs">{t(`setup.${step}.step`)}</p>
        <h1 className="font-semibold text-xl">{t(`setup.${step}.title`)}</h1>
        <p className="mt-1 text-fg-2">{t(`setup.${step}.text`)}</p>
      </div>
      <FormError message={errors.root?.server?.message} />
      {step === "account" ? (
        <>
          <Field label={t("setup.accountName")} error={errors.account_name?.message}>
            <TextField
              autoComplete="organization"
              {...form.register("account_name", { required: t("setup.accountNameMissing") })}
            />
          </Field>
          <Controller
            control={form.control}
            name="timezone"
            rules={{ required: t("setup.timezoneMissing") }}
            render={({ field, fieldState }) => (
              <Field
                label={t("setup.timezone")}
                hint={t("setup.timezoneHint")}
                error={fieldState.error?.message}
              >
                <Suspense fallback={<TextField readOnly value={field.value} />}>
                  <Combobox
                    options={zones}
                    value={field.value}
                    onChange={(zone) => field.onChange(zone ?? "")}
                  />
                </Suspense>
              </Field>
            )}
          />
          <Button type="submit" look="primary" size="large">
            {t("setup.next")}
          </Button>
        </>
      ) : (
        <>
          <Field label={t("name")} error={errors.name?.message}>
            <TextField
              autoComplete="name"
              {...form.register("name", { required: t("nameMissing") })}
            />
          </Field>
          <Field label={t("email")} hint={t("setup.emailHint")} error={errors.email?.message}>
            <TextField
              type="email"
              autoComplete="username"
              {...form.register("email", { required: t("emailMissing") })}
            />
          </Field>
          <Field label={t("password")} hint={t("passwordHint")} error={errors.password?.message}>
            <TextField
              type="password"
              autoComplete="new-password"
              {...form.register("password", { required: t("newPasswordMissing") })}
            />
          </Field>
          <div className="flex gap-2">
            <Button look="ghost" size="large" onClick={() => setStep("account")}>
              {t("setup.back")}
            </Button>
            <Button
              type="submit"
              look="primary"
              size="large"
              className="flex-1"
              busy={setup.isPending}
            >
              {t("setup.action")}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
