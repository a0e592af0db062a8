import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { readablePhone } from "@/lib/phones";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { RadioGroup } from "@/ui/RadioGroup";
import { TextField } from "@/ui/TextField";
import { type ProviderNumber, type TextProvider, useNumbers } from "../../model/texts";
import { settingsOf, showFault, type TextForm } from "./values";

interface Props {
  form: TextForm;
  provider: TextProvider;
}

/** Typed, or one of those that the provider says the account has. */
export function NumberField({ form, provider }: Props) {
  const { t } = useTranslation("numbers");
  const numbers = useNumbers();
  const { errors } = form.formState;
  const number = form.watch("number");
  const ask = async () => {
    form.clearErrors();
    const fields = provider.fields.map(({ name }) => `settings.${provider.name}.${name}` as const);
    if (!(await form.trigger(fields, { shouldFocus: true }))) return;
    const settings = settingsOf(form.getValues(), provider);
    numbers.mutate(
      { provider: provider.name, settings },
      { onError: (problem) => showFault(form, problem) },
    );
  };
  const pick = (chosen: string) => {
    form.setValue("number", chosen, { shouldDirty: true, shouldValidate: true });
    const named = numbers.data?.find((one) => one.number === chosen)?.name;
    if (named && !form.getValues("name")) form.setValue("name", named, { shouldDirty: true });
  };
  return (
    <>
      <Field
        label={t("number")}
        hint={t(provider.lists ? "numberHint" : "numberTyped")}
        error={errors.number?.message}
      >
        <TextField
          type="tel"
          autoComplete="off"
          {...form.register("number", { required: t("numberMissing") })}
        />
      </Field>
      {provider.lists ? (
        <Button className="justify-self-start" busy={numbers.isPending} onClick={() => void ask()}>
          {t(numbers.data ? "numbersAgain" : "numbersAsk")}
        </Button>
      ) : null}
      <div aria-live="polite">
        {numbers.data ? <Numbers numbers={numbers.data} value={number} onPick={pick} /> : null}
      </div>
    </>
  );
}

interface NumbersProps {
  numbers: readonly ProviderNumber[];
  value: string;
  onPick: (number: string) => void;
}

function Numbers({ numbers, value, onPick }: NumbersProps) {
  const { t } = useTranslation("numbers");
  if (numbers.length === 0) return <p className="text-fg-2 text-sm">{t("numbersNone")}</p>;
  return (
    <div className="max-h-72 overflow-y-auto rounded-lg border border-line px-3 py-2.5">
      <RadioGroup
        label={t("numbers")}
        value={value}
        onChange={onPick}
        options={numbers.map((one) => ({
          value: one.number,
          label: readablePhone(one.number),
          hint: <About number={one} />,
          disabled: one.taken || !one.sms,
        }))}
      />
    </div>
  );
}

/** Its name, what it can, and why it can't be chosen. */
function About({ number: { name, number, sms, mms, taken } }: { number: ProviderNumber }) {
  const { t } = useTranslation("numbers");
  const can = [sms ? t("can.sms") : t("can.nothing"), mms ? t("can.mms") : ""];
  // Providers call a number by its national form, unless somebody named it.
  const own = /\p{L}/u.test(name) || !number.endsWith(name.replace(/\D/g, "")) ? name : "";
  return [own, ...can, taken ? t("taken") : ""].filter(Boolean).join(" · ");
}

/** It stays: the conversations of a number are held with it. */
export function FixedNumber({ channel }: { channel: Channel }) {
  const { t } = useTranslation("numbers");
  const number = channel.number ?? channel.address;
  return (
    <Field label={t("number")} hint={t("numberFixed")}>
      <TextField readOnly value={readablePhone(number)} />
    </Field>
  );
}
