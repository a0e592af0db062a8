import { Mail, MailX, Phone, Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { shownPhone } from "@/api/contacts";
import { useMay } from "@/api/me";
import type { Contact } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { reasonOf } from "@/lib/reasons";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { PhoneMenu } from "./consent/PhoneMenu";
import { PhoneState } from "./consent/PhoneState";
import { InlineField } from "./InlineField";
import { type ContactPatch, usePatchContact, useWorking } from "./model/queries";

interface Props {
  contact: Contact;
  conversation: number;
}

/** Who the contact is and how to reach them, each value changed where it stands. */
export function ContactDetails({ contact, conversation }: Props) {
  const { t } = useTranslation("contacts");
  const locked = !useMay("contacts");
  const patch = usePatchContact(contact.id, conversation);
  const save = (body: ContactPatch) => patch.mutateAsync(body);
  return (
    <div className="grid gap-3">
      <Points
        kind="email"
        values={contact.emails}
        disabled={locked}
        onSave={(emails) => save({ emails })}
        below={(email) => <Bounced contact={contact} email={email} disabled={locked} />}
      />
      <Points
        kind="phone"
        values={contact.phones}
        disabled={locked}
        onSave={(phones) => save({ phones })}
        shown={(phone) => shownPhone(contact, phone)}
        below={(phone) => <PhoneState contact={contact} phone={phone} />}
        menu={(phone) => <PhoneMenu contact={contact} phone={phone} disabled={locked} />}
      />
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-baseline gap-x-2 gap-y-1">
        {(["company", "job_title", "about"] as const).map((name) => (
          <Line key={name} label={t(`label.${name}`)}>
            <InlineField
              label={t(`field.${name}`)}
              value={contact[name]}
              placeholder={t("empty")}
              disabled={locked}
              multiline={name === "about"}
              onSave={(value) => save({ [name]: value })}
            />
          </Line>
        ))}
      </dl>
    </div>
  );
}

/** Mail to this address came back: when, why, and what to do about it. */
function Bounced({
  contact,
  email,
  disabled,
}: {
  contact: Contact;
  email: string;
  disabled: boolean;
}) {
  const { t } = useTranslation(["contacts", "common"]);
  const working = useWorking(contact.id);
  const mark = contact.bounced.find((one) => one.email === email);
  if (!mark) return null;
  return (
    <div className="mb-1 ml-7 grid justify-items-start gap-1.5 rounded-md bg-warn-soft px-2 py-1.5 text-warn text-xs">
      <span className="flex gap-1.5">
        <MailX size={13} aria-hidden className="mt-0.5 shrink-0" />
        <span>
          {t("bounced", {
            reason: t(`common:reason.${reasonOf(mark.reason)}`),
            at: dateTime(mark.at),
          })}
        </span>
      </span>
      {disabled ? null : (
        <Button
          look="outline"
          size="small"
          busy={working.isPending}
          onClick={() => working.mutate(email)}
        >
          {t("works")}
        </Button>
      )}
    </div>
  );
}

export function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

interface PointsProps {
  kind: "email" | "phone";
  values: readonly string[];
  disabled: boolean;
  onSave: (values: string[]) => Promise<unknown>;
  shown?: (value: string) => string;
  /** What there is to say about a value. */
  below?: (value: string) => ReactNode;
  /** What else can be done with one. */
  menu?: (value: string) => ReactNode;
}

const icons = { email: Mail, phone: Phone };

/** The addresses or numbers of a contact. The first is written to, unless another is chosen. */
function Points({ kind, values, disabled, onSave, shown = String, below, menu }: PointsProps) {
  const { t } = useTranslation("contacts");
  const [adding, setAdding] = useState(false);
  const Icon = icons[kind];
  const field = t(`field.${kind}`);
  const replace = (index: number, value: string) =>
    onSave(values.flatMap((old, at) => (at === index ? (value ? [value] : []) : [old])));
  return (
    <ul aria-label={t(kind === "email" ? "label.emails" : "label.phones")} className="grid gap-0.5">
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line stays the same line while its value is being changed
        <li key={index}>
          <div className="group relative flex items-center gap-3">
            <Icon size={15} aria-hidden className="shrink-0 text-fg-3" />
            <div className="min-w-0 flex-1">
              <InlineField
                label={field}
                value={value}
                shown={shown(value)}
                placeholder={t("empty")}
                disabled={disabled}
                onSave={(next) => replace(index, next)}
              />
            </div>
            <span className="absolute right-0 flex bg-surface opacity-0 focus-within:opacity-100 group-hover:opacity-100 has-data-popup-open:opacity-100 touch:opacity-100">
              {menu?.(value)}
              {disabled ? null : (
                <IconButton
                  label={t("remove", { value: shown(value) })}
                  icon={<X size={13} aria-hidden />}
                  className="size-6!"
                  onClick={() => void replace(index, "").catch(() => undefined)}
                />
              )}
            </span>
          </div>
          {below?.(value)}
        </li>
      ))}
      {adding ? (
        <li className="flex items-center gap-3">
          <Icon size={15} aria-hidden className="shrink-0 text-fg-3" />
          <div className="min-w-0 flex-1">
            <InlineField
              editing
              label={field}
              value=""
              placeholder={t("empty")}
              onSave={(value) => onSave([...values, value])}
              onEnd={() => setAdding(false)}
            />
          </div>
        </li>
      ) : null}
      {disabled || adding ? null : (
        <li>
          <button
            type="button"
            onClick={() => setAdding(true)}
            className="-mx-1.5 flex items-center gap-3 rounded-md px-1.5 py-0.5 text-fg-3 hover:bg-hover hover:text-fg touch:min-h-11"
          >
            <Plus size={15} aria-hidden />
            {t("add", { field })}
          </button>
        </li>
      )}
    </ul>
  );
}
