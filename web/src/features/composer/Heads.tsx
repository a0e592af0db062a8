import { type Ref, useImperativeHandle, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types";
import type { Content } from "./model/content";
import type { LetterField, RecipientField } from "./model/use-send";
import { Recipients, type RecipientsHandle } from "./Recipients";

export interface HeadsHandle {
  focus: (field: LetterField) => void;
  /** Takes what was typed into the fields; undefined where some of it is no address. */
  commit: () => Record<RecipientField, Person[]> | undefined;
}

interface Props {
  content: Content;
  /** Which lines stand besides To. */
  shown: ReadonlySet<LetterField>;
  faults: Partial<Record<LetterField, string>>;
  onChange: (fields: Partial<Content>) => void;
  ref: Ref<HeadsHandle>;
}

/** To, Cc, Bcc and subject. */
export function Heads({ content, shown, faults, onChange, ref }: Props) {
  const { t } = useTranslation("composer");
  const to = useRef<RecipientsHandle>(null);
  const cc = useRef<RecipientsHandle>(null);
  const bcc = useRef<RecipientsHandle>(null);
  const subject = useRef<HTMLInputElement>(null);
  const lines = [
    ["to", to],
    ["cc", cc],
    ["bcc", bcc],
  ] as const;

  useImperativeHandle(ref, () => ({
    focus: (field) => ({ to, cc, bcc, subject })[field].current?.focus(),
    commit: () => {
      const people = { to: content.to, cc: content.cc, bcc: content.bcc };
      for (const [name, line] of lines) {
        const typed = line.current?.commit();
        if (typed && !typed.complete) return undefined;
        if (typed) people[name] = typed.people;
      }
      return people;
    },
  }));

  return (
    <div className="shrink-0">
      {lines.map(([name, line]) =>
        name === "to" || shown.has(name) ? (
          <Recipients
            key={name}
            ref={line}
            label={t(`to.${name}`)}
            people={content[name]}
            error={faults[name]}
            onChange={(people) => onChange({ [name]: people })}
          />
        ) : null,
      )}
      {shown.has("subject") ? (
        <div className="border-line border-b px-4 py-1">
          <div className="flex items-center gap-1.5">
            <label htmlFor="composer-subject" className="shrink-0 pr-1 text-fg-3 text-xs">
              {t("subject.label")}
            </label>
            <input
              ref={subject}
              id="composer-subject"
              type="text"
              maxLength={500}
              value={content.subject}
              aria-invalid={faults.subject ? true : undefined}
              aria-describedby={faults.subject ? "composer-subject-error" : undefined}
              onChange={(event) => onChange({ subject: event.target.value })}
              className="h-7 min-w-0 flex-1 bg-transparent font-medium text-sm outline-none touch:h-11"
            />
          </div>
          {faults.subject ? (
            <p id="composer-subject-error" role="alert" className="pb-1 text-danger text-xs">
              {faults.subject}
            </p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
