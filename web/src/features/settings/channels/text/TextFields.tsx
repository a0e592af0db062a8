import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import type { TextProvider } from "../../model/texts";
import { InboxChoice } from "../InboxChoice";
import { InboxSelect } from "../InboxSelect";
import { AnswerFields } from "./AnswerFields";
import { QuietFields, ReopenFields } from "./HandlingFields";
import { LimitFields } from "./LimitFields";
import { FixedNumber, NumberField } from "./NumberField";
import { ProviderFields, ProviderSelect } from "./ProviderFields";
import type { TextForm } from "./values";

interface Props {
  form: TextForm;
  providers: readonly TextProvider[];
  /** Its number is fixed, and what is secret is there already. */
  channel?: Channel;
}

/** Everything that is asked about a number; what has a usual answer stands folded at first. */
export function TextFields({ form, providers, channel }: Props) {
  const { t } = useTranslation(["numbers", "settings"]);
  const chosen = useWatch({ control: form.control, name: "provider" });
  const provider = providers.find(({ name }) => name === chosen);
  const { errors } = form.formState;
  const wrong = more.some((name) => errors[name]);
  return (
    <>
      <Field
        label={t("settings:channels.name")}
        hint={t("settings:channels.nameHint")}
        error={errors.name?.message}
      >
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("settings:channels.nameMissing") })}
        />
      </Field>
      <ProviderSelect form={form} providers={providers} />
      {provider ? <ProviderFields form={form} provider={provider} channel={channel} /> : null}
      {channel ? <FixedNumber channel={channel} /> : null}
      {provider && !channel ? (
        <NumberField key={provider.name} form={form} provider={provider} />
      ) : null}
      {channel ? (
        <InboxSelect control={form.control} name="inbox_id" />
      ) : (
        <InboxChoice form={form} />
      )}
      <More open={wrong}>
        <LimitFields form={form} />
        <ReopenFields form={form} />
        <AnswerFields form={form} provider={provider} />
        <QuietFields form={form} />
      </More>
    </>
  );
}

const more = [
  ...(["region", "rate", "price", "currency", "days", "stop_text", "start_text"] as const),
  ...(["help_text", "quiet_from", "quiet_to"] as const),
];

/** Folded until it is asked for, or something in it is wrong. */
function More({ open: wrong, children }: { open: boolean; children: ReactNode }) {
  const { t } = useTranslation("numbers");
  const [asked, setAsked] = useState(false);
  const id = useId();
  const open = asked || wrong;
  return (
    <div className="grid gap-4 border-t pt-3">
      <Button
        look="ghost"
        className="justify-self-start"
        aria-expanded={open}
        aria-controls={id}
        icon={
          <ChevronRight
            size={16}
            aria-hidden
            className={open ? "rotate-90 transition-transform" : "transition-transform"}
          />
        }
        onClick={() => setAsked(!open)}
      >
        {t("more")}
      </Button>
      <p className={open ? "hidden" : "text-fg-3 text-xs"}>{t("moreHint")}</p>
      <div id={id} hidden={!open} className={open ? "grid gap-4" : undefined}>
        {children}
      </div>
    </div>
  );
}
