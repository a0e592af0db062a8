import { Mail, Phone, Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { Contact } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { InlineField } from "./InlineField";
import { type ContactPatch, usePatchContact } from "./model/queries";

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
      />
      <Points
        kind="phone"
        values={contact.phones}
        disabled={locked}
        onSave={(phones) => save({ phones })}
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
}

const icons = { email: Mail, phone: Phone };

/** The addresses or numbers of a contact. The first is written to, unless another is chosen. */
function Points({ kind, values, disabled, onSave }: PointsProps) {
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
        <li key={index} className="group relative flex items-center gap-3">
          <Icon size={15} aria-hidden className="shrink-0 text-fg-3" />
          <div className="min-w-0 flex-1">
            <InlineField
              label={field}
              value={value}
              placeholder={t("empty")}
              disabled={disabled}
              onSave={(next) => replace(index, next)}
            />
          </div>
          {disabled ? null : (
            <IconButton
              label={t("remove", { value })}
              icon={<X size={13} aria-hidden />}
              className="absolute! right-0 size-6! bg-surface opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100"
              onClick={() => void replace(index, "").catch(() => undefined)}
            />
          )}
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
