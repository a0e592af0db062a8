import { useQuery } from "@tanstack/react-query";
import { MessageSquareOff, MessageSquareWarning } from "lucide-react";
import { useTranslation } from "react-i18next";
import { consentsQuery, phoneState } from "@/api/contacts";
import { useMay } from "@/api/me";
import type { Contact } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { reasonOf } from "@/lib/reasons";
import { useHow } from "./words";

interface Props {
  contact: Contact;
  phone: string;
}

/** Below a number: since when it wants no texts and how that is known, or that texts do not arrive there. */
export function PhoneState({ contact, phone }: Props) {
  const { t } = useTranslation(["contacts", "common"]);
  const may = useMay("contacts");
  const how = useHow();
  const state = phoneState(contact, phone);
  const out = state?.opted_out_at;
  const lost = state?.unreachable_at;
  const said = useQuery({
    ...consentsQuery(state?.number ?? phone),
    enabled: may && Boolean(out),
  });
  const last = said.data?.find((one) => one.state === "opted_out");
  if (!out && !lost) return null;
  return (
    <div className="mb-1 ml-7 grid gap-1.5 rounded-md bg-warn-soft px-2 py-1.5 text-warn text-xs">
      {out ? (
        <span className="flex gap-1.5">
          <MessageSquareOff size={13} aria-hidden className="mt-0.5 shrink-0" />
          <span>
            {t("consent.optedOut.mark", { at: dateTime(out) })}
            {last ? <span className="block text-fg-2">{how(last)}</span> : null}
          </span>
        </span>
      ) : null}
      {lost ? (
        <span className="flex gap-1.5">
          <MessageSquareWarning size={13} aria-hidden className="mt-0.5 shrink-0" />
          <span>
            {t("consent.unreachable.mark", {
              at: dateTime(lost),
              reason: t(`common:reason.${reasonOf(state?.unreachable_reason)}`),
            })}
          </span>
        </span>
      ) : null}
    </div>
  );
}
