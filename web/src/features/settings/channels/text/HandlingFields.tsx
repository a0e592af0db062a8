import { Controller, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Field } from "@/ui/Field";
import { RadioGroup } from "@/ui/RadioGroup";
import { TextField } from "@/ui/TextField";
import { reopenings, type TextForm } from "./values";

/** What a text does to a conversation that is closed. */
export function ReopenFields({ form }: { form: TextForm }) {
  const { t } = useTranslation("numbers");
  const reopen = useWatch({ control: form.control, name: "reopen" });
  return (
    <>
      <Controller
        control={form.control}
        name="reopen"
        render={({ field }) => (
          <RadioGroup
            label={t("reopen")}
            value={field.value}
            onChange={field.onChange}
            options={reopenings.map((value) => ({
              value,
              label: t(`reopenings.${value}.label`),
              hint: t(`reopenings.${value}.hint`),
            }))}
          />
        )}
      />
      {reopen === "within" ? (
        <Field label={t("days")} error={form.formState.errors.days?.message}>
          <TextField
            type="number"
            min={1}
            max={3650}
            inputMode="numeric"
            className="max-w-28"
            {...form.register("days", {
              validate: (days) =>
                Number.isInteger(Number(days)) && Number(days) > 0 ? undefined : t("daysMissing"),
            })}
          />
        </Field>
      ) : null}
    </>
  );
}

/** When nothing that is sent by itself may reach a contact. */
export function QuietFields({ form }: { form: TextForm }) {
  const { t } = useTranslation("numbers");
  const { errors } = form.formState;
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 font-medium text-sm">{t("quiet")}</legend>
      <p className="text-fg-3 text-xs">{t("quietHint")}</p>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label={t("quietFrom")} error={errors.quiet_from?.message} optional>
          <TextField type="time" {...form.register("quiet_from")} />
        </Field>
        <Field label={t("quietTo")} error={errors.quiet_to?.message} optional>
          <TextField type="time" {...form.register("quiet_to")} />
        </Field>
      </div>
    </fieldset>
  );
}
