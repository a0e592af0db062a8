import { Controller, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { measure } from "@/features/composer";
import { Field } from "@/ui/Field";
import { RadioGroup } from "@/ui/RadioGroup";
import { TextArea } from "@/ui/TextField";
import type { TextProvider } from "../../model/texts";
import type { TextForm } from "./values";

interface Props {
  form: TextForm;
  provider: TextProvider | undefined;
}

/** Who answers STOP, START and HELP, and with what. */
export function AnswerFields({ form, provider }: Props) {
  const { t } = useTranslation("numbers");
  const theirs = useWatch({ control: form.control, name: "provider_answers" });
  // Another provider is called what it is in the list of them: no name to speak of.
  const name =
    provider && provider.name !== "http" && provider.name !== "smpp"
      ? t(`providers.${provider.name}.name` as never, { defaultValue: provider.name })
      : t("theProvider");
  return (
    <>
      <Controller
        control={form.control}
        name="provider_answers"
        render={({ field }) => (
          <RadioGroup
            label={t("answers")}
            value={field.value ? "provider" : "parley"}
            onChange={(who) => field.onChange(who === "provider")}
            options={[
              {
                value: "provider",
                label: t("answerers.provider", { provider: name }),
                hint: t(provider?.answers ? "answersProvider" : "answersProviderNot", {
                  provider: name,
                }),
              },
              { value: "parley", label: t("answerers.parley"), hint: t("answersParley") },
            ]}
          />
        )}
      />
      {theirs ? null : (
        <>
          <AnswerText form={form} name="stop_text" />
          <AnswerText form={form} name="start_text" />
          <AnswerText form={form} name="help_text" />
        </>
      )}
    </>
  );
}

interface TextProps {
  form: TextForm;
  name: "stop_text" | "start_text" | "help_text";
}

/** Without one the usual words go out, and stand in its place. */
function AnswerText({ form, name }: TextProps) {
  const { t } = useTranslation("numbers");
  const business = useMe().account.name;
  const usual = t(`usual.${name}`, { business });
  const typed = useWatch({ control: form.control, name });
  const { units, segments, perSegment, encoding, offenders } = measure(typed.trim() || usual);
  const cost = t("segments", { count: segments, units, room: segments * perSegment });
  return (
    <Field
      label={t(name)}
      hint={
        encoding === "ucs2"
          ? `${cost} · ${t("segmentsWide", { offenders: offenders.slice(0, 5).join(" ") })}`
          : cost
      }
      error={form.formState.errors[name]?.message}
      optional
    >
      <TextArea rows={2} placeholder={usual} {...form.register(name)} />
    </Field>
  );
}
