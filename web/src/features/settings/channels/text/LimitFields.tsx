import { lazy, Suspense } from "react";
import { Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/lib/i18n";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import { regions } from "../../business/regions";
import type { TextForm } from "./values";

const Combobox = lazy(() =>
  import("@/ui/Combobox").then((file) => ({ default: file.Combobox<string> })),
);

const countries = regions();

/** The currencies by their names, which have their three letters with them. */
const currencies = Intl.supportedValuesOf("currency").map((value) => {
  const name = new Intl.DisplayNames(currentLanguage(), { type: "currency" }).of(value);
  return { value, label: name && name !== value ? `${value} · ${name}` : value };
});

/** How numbers are read, how fast texts leave, and what one costs. */
export function LimitFields({ form }: { form: TextForm }) {
  const { t } = useTranslation("numbers");
  const { errors } = form.formState;
  return (
    <>
      <Choice form={form} name="region" options={countries} />
      <Field label={t("rate")} hint={t("rateHint")} error={errors.rate?.message} optional>
        <TextField
          type="number"
          min={0}
          step="any"
          inputMode="decimal"
          className="max-w-28"
          {...form.register("rate", {
            validate: (rate) => (Number(rate) >= 0 ? undefined : t("rateWrong")),
          })}
        />
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label={t("price")} hint={t("priceHint")} error={errors.price?.message} optional>
          <TextField inputMode="decimal" autoComplete="off" {...form.register("price")} />
        </Field>
        <Choice form={form} name="currency" options={currencies} />
      </div>
    </>
  );
}

interface ChoiceProps {
  form: TextForm;
  name: "region" | "currency";
  options: readonly { value: string; label: string }[];
}

function Choice({ form, name, options }: ChoiceProps) {
  const { t } = useTranslation("numbers");
  const rules = {
    region: { required: t("regionMissing") },
    currency: {
      validate: (value: string, { price }: { price: string }) =>
        value || !price.trim() ? undefined : t("currencyMissing"),
    },
  };
  return (
    <Controller
      control={form.control}
      name={name}
      rules={rules[name]}
      render={({ field, fieldState }) => (
        <Field
          label={t(name)}
          {...(name === "region" ? { hint: t("regionHint") } : {})}
          {...(fieldState.error?.message ? { error: fieldState.error.message } : {})}
          optional={name === "currency"}
        >
          <Suspense fallback={<TextField readOnly value={field.value} />}>
            <Combobox
              options={options}
              value={field.value || null}
              onChange={(value) => field.onChange(value ?? "")}
            />
          </Suspense>
        </Field>
      )}
    />
  );
}
