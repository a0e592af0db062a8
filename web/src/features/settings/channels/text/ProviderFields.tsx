import { Controller, type ControllerRenderProps, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import { TextArea, TextField } from "@/ui/TextField";
import type { ProviderField, TextProvider } from "../../model/texts";
import { sameServer, type TextForm, type TextValues } from "./values";

interface SelectProps {
  form: TextForm;
  providers: readonly TextProvider[];
}

/** Who carries the texts, each with a word on what it is good for. */
export function ProviderSelect({ form, providers }: SelectProps) {
  const { t } = useTranslation("numbers");
  const choose = (name: string) => {
    const answers = providers.find((one) => one.name === name)?.answers ?? false;
    form.setValue("provider_answers", answers);
    form.clearErrors();
  };
  return (
    <Controller
      control={form.control}
      name="provider"
      rules={{ required: t("providerMissing") }}
      render={({ field, fieldState }) => (
        <Field label={t("provider")} error={fieldState.error?.message}>
          <Select
            value={field.value || null}
            onChange={(name) => {
              field.onChange(name);
              choose(name);
            }}
            placeholder={t("providerChoose")}
            options={providers.map(({ name }) => ({
              value: name,
              label: t(`providers.${name}.name` as never, { defaultValue: name }),
              hint: t(`providers.${name}.text` as never, { defaultValue: "" }),
            }))}
          />
        </Field>
      )}
    />
  );
}

interface FieldsProps {
  form: TextForm;
  provider: TextProvider;
  channel: Channel | undefined;
}

/** What the provider needs to know of us, and where that is found. */
export function ProviderFields({ form, provider, channel }: FieldsProps) {
  const settings = useWatch({ control: form.control, name: "settings" });
  const same = sameServer({ provider: provider.name, settings }, channel);
  const kept = same ? (channel?.has_secrets ?? []) : [];
  const fault = form.formState.errors.root?.settings;
  return (
    <>
      {typeof fault === "object" && fault.message ? (
        <Banner tone="danger" alert>
          {fault.message}
        </Banner>
      ) : null}
      {provider.fields.map((field) => (
        <OneField
          key={`${provider.name}.${field.name}`}
          form={form}
          provider={provider.name}
          field={field}
          kept={kept.includes(field.name)}
        />
      ))}
    </>
  );
}

interface OneProps {
  form: TextForm;
  provider: string;
  field: ProviderField;
  kept: boolean;
}

/** What is said of a field; a newer server may have fields that have no words yet. */
function useWords({ provider, field: { name }, kept }: Omit<OneProps, "form">) {
  const { t } = useTranslation("numbers");
  // What stands in braces is the provider's template, and no value of ours.
  const say = (part: "label" | "hint", defaultValue: string) =>
    t(`fields.${provider}.${name}.${part}` as never, { defaultValue, skipInterpolation: true });
  return { label: say("label", name), hint: kept ? t("secretKept") : say("hint", "") };
}

function OneField({ form, provider, field, kept }: OneProps) {
  const { t } = useTranslation("numbers");
  const needed = field.required && !kept && !field.default;
  const { label, hint } = useWords({ provider, field, kept });
  return (
    <Controller
      control={form.control}
      name={`settings.${provider}.${field.name}`}
      rules={{ required: needed ? t("fieldMissing", { field: label }) : false }}
      render={({ field: control, fieldState: { error } }) => (
        <Field
          label={label}
          hint={hint || undefined}
          error={error?.message}
          optional={!needed && field.choices.length === 0}
        >
          <FieldControl provider={provider} field={field} control={control} />
        </Field>
      )}
    />
  );
}

interface ControlProps {
  provider: string;
  field: ProviderField;
  control: ControllerRenderProps<TextValues>;
}

/** Secrets are never shown, not even while they are typed. */
function FieldControl({ provider, field, control }: ControlProps) {
  const { t } = useTranslation("numbers");
  const { name, secret, choices, lines } = field;
  const value = String(control.value ?? "");
  if (choices.length > 0) {
    return (
      <Select
        value={value || field.default}
        onChange={control.onChange}
        options={choices.map((choice) => ({
          value: choice,
          label: t(`choices.${provider}.${name}.${choice}` as never, { defaultValue: choice }),
        }))}
      />
    );
  }
  if (lines) {
    return (
      <TextArea
        {...control}
        value={value}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
      />
    );
  }
  return (
    <TextField
      {...control}
      value={value}
      type={secret ? "password" : "text"}
      spellCheck={false}
      autoComplete={secret ? "new-password" : "off"}
      placeholder={field.default}
    />
  );
}
