import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConsent } from "@/api/contacts";
import { fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextArea, TextField } from "@/ui/TextField";

interface Props {
  contact: number;
  phone: string;
  onClose: () => void;
  onDone?: () => void;
  /** The words with which they said it, where they are known. */
  said?: string;
}

/** Notes that a contact wants texts again: only what they said themselves makes that so. */
export function OptInDialog(props: Props) {
  return <SaidDialog {...props} state="opted_in" />;
}

/** Notes that a contact wants no texts any more. */
export function OptOutDialog(props: Props) {
  return <SaidDialog {...props} state="opted_out" />;
}

const shortest = 3;

function SaidDialog({
  contact,
  phone,
  state,
  said = "",
  onClose,
  onDone,
}: Props & { state: "opted_in" | "opted_out" }) {
  const { t } = useTranslation("contacts");
  const [words, setWords] = useState(said);
  const [when, setWhen] = useState(() => localMinute(new Date()));
  const [missing, setMissing] = useState(false);
  const note = useConsent(contact, state);
  const needed = state === "opted_in";
  const problem = note.error;
  const fault = missing
    ? t("consent.missing")
    : (problem?.fields.evidence ?? problem?.fields.phone);

  function submit(): void {
    const short = needed && words.trim().length < shortest;
    setMissing(short);
    if (short) return;
    const at = when ? t("consent.saidAt", { at: fullTime(new Date(when).toISOString()) }) : "";
    const evidence = words.trim() ? [words.trim(), at].filter(Boolean).join(" ") : "";
    note.mutate({ phone, evidence }, { onSuccess: () => (onDone ?? onClose)() });
  }

  return (
    <FormDialog
      title={t(`consent.${state}.title`, { phone: readablePhone(phone) })}
      description={t(`consent.${state}.text`)}
      action={t(`consent.${state}.action`)}
      busy={note.isPending}
      error={fault ? undefined : problem?.message}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label={t("consent.words")}
        hint={t("consent.wordsHint")}
        optional={!needed}
        {...(fault ? { error: fault } : {})}
      >
        <TextArea
          autoFocus
          rows={3}
          maxLength={900}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </Field>
      <Field label={t("consent.when")}>
        <TextField
          type="datetime-local"
          value={when}
          max={localMinute(new Date())}
          onChange={(event) => setWhen(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

/** As a field for dates takes it: the reader's own clock, without a zone. */
function localMinute(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
