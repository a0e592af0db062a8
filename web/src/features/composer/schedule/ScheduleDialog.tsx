import { CalendarClock } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, fullTime, ownTimezone } from "@/lib/dates";
import { parseWhen, presets } from "@/lib/when";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextField } from "@/ui/TextField";

interface Props {
  /** When it leaves now, where it is moved. */
  current?: string | undefined;
  busy?: boolean;
  error?: string | undefined;
  onClose: () => void;
  onChoose: (at: string) => void;
}

/** When a letter leaves: one of the usual times, or one in words. */
export function ScheduleDialog({ current, busy = false, error, onClose, onChoose }: Props) {
  const { t } = useTranslation("composer");
  const [now] = useState(() => new Date());
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const hint = useId();
  const found = parseWhen(text, now);
  const wrong = missing && !found;
  const choose = (at: Date) => onChoose(at.toISOString());
  return (
    <FormDialog
      title={t(current ? "schedule.move" : "schedule.title")}
      description={
        current
          ? t("schedule.now", { at: dateTime(current), zone: zoneName() })
          : t("schedule.zone", { zone: zoneName() })
      }
      action={t(current ? "schedule.moveAction" : "schedule.action")}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        // The form stands in the composer's tree, which must not send it again.
        event.stopPropagation();
        if (found) choose(found);
        else setMissing(true);
      }}
    >
      <ul aria-label={t("schedule.presets")} className="grid gap-1">
        {presets(now).map(({ name, at }) => (
          <li key={name}>
            <Button
              look="outline"
              className="w-full justify-start! [&>span]:w-full"
              icon={<CalendarClock size={15} aria-hidden className="text-fg-3" />}
              onClick={() => choose(at)}
            >
              <span className="flex-1 text-left">{t(`schedule.${name}`)}</span>
              <span className="font-normal text-fg-3 tabular-nums">
                {dateTime(at.toISOString())}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <Field
        label={t("schedule.custom")}
        hint={t("schedule.examples")}
        {...(wrong ? { error: t("schedule.wrong") } : {})}
      >
        <TextField
          data-autofocus
          autoComplete="off"
          placeholder={t("schedule.placeholder")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setMissing(false);
          }}
        />
      </Field>
      <p id={hint} role="status" className="min-h-5 font-medium text-sm">
        {found ? t("schedule.leaves", { at: fullTime(found.toISOString()), zone: zoneName() }) : ""}
      </p>
    </FormDialog>
  );
}

function zoneName(): string {
  return ownTimezone().replaceAll("_", " ");
}
