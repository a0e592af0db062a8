import { lazy, Suspense } from "react";
import { type Control, Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { useMe } from "@/api/me";
import { timezones } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeBusiness } from "../model/business";
import { SettingsPage } from "../SettingsPage";
import { regions } from "./regions";

const Combobox = lazy(() =>
  import("@/ui/Combobox").then((file) => ({ default: file.Combobox<string> })),
);

interface Values {
  name: string;
  region: string;
  timezone: string;
}

const countries = regions();
const zones = timezones().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));

/** What the account says of the business. */
export function BusinessPage() {
  const { t } = useTranslation(["settings", "common"]);
  const { name, region, timezone } = useMe().account;
  const change = useChangeBusiness();
  const form = useForm<Values>({ values: { name, region, timezone } });
  const { errors, isDirty } = form.formState;
  const submit = form.handleSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => toast(t("common:saved")),
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <SettingsPage title={t("business.title")} text={t("business.text")}>
      <form onSubmit={submit} noValidate className="grid max-w-100 gap-4">
        <FormError message={errors.root?.server?.message} />
        <Field
          label={t("business.name")}
          hint={t("business.nameHint")}
          error={errors.name?.message}
        >
          <TextField
            autoComplete="organization"
            {...form.register("name", { required: t("business.nameMissing") })}
          />
        </Field>
        <Choice control={form.control} name="region" options={countries} />
        <Choice control={form.control} name="timezone" options={zones} />
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
    </SettingsPage>
  );
}

interface ChoiceProps {
  control: Control<Values>;
  name: "region" | "timezone";
  options: readonly { value: string; label: string }[];
}

function Choice({ control, name, options }: ChoiceProps) {
  const { t } = useTranslation("settings");
  return (
    <Controller
      control={control}
      name={name}
      rules={{ required: t(`business.${name}Missing`) }}
      render={({ field, fieldState }) => (
        <Field
          label={t(`business.${name}`)}
          hint={t(`business.${name}Hint`)}
          error={fieldState.error?.message}
        >
          <Suspense fallback={<TextField readOnly value={field.value} />}>
            <Combobox
              options={options}
              value={field.value}
              onChange={(value) => field.onChange(value ?? "")}
            />
          </Suspense>
        </Field>
      )}
    />
  );
}
