import { useQuery } from "@tanstack/react-query";
import { MessageSquareOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { consentsQuery } from "@/api/contacts";
import { useMay } from "@/api/me";
import { dateTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Button } from "@/ui/Button";
import { OptInDialog } from "./SaidDialog";
import { useHow } from "./words";

interface Props {
  contact: number;
  phone: string;
  /** Since when. */
  at: string;
}

/** In place of the editor: since when no text may be sent, how that is known, and who alone can change it. */
export function OptedOut({ contact, phone, at }: Props) {
  const { t } = useTranslation("contacts");
  const may = useMay("contacts");
  const [recording, setRecording] = useState(false);
  const said = useQuery({ ...consentsQuery(phone), enabled: may });
  const how = useHow();
  const shown = { phone: readablePhone(phone) };
  const last = said.data?.find(({ state }) => state === "opted_out");
  return (
    <section
      aria-label={t("consent.optedOut.title", shown)}
      className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg bg-warn-soft px-3.5 py-3 text-warn"
    >
      <MessageSquareOff size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-56 flex-1 [overflow-wrap:anywhere]">
        <p className="font-medium">{t("consent.optedOut.title", shown)}</p>
        <p className="text-fg-2 text-xs">
          {t("consent.since", { at: dateTime(at) })}
          {last ? ` ${how(last)}.` : null} {t("consent.optedOut.back")}
        </p>
      </div>
      {may ? (
        <Button size="small" onClick={() => setRecording(true)}>
          {t("consent.record")}
        </Button>
      ) : null}
      {recording ? (
        <OptInDialog contact={contact} phone={phone} onClose={() => setRecording(false)} />
      ) : null}
    </section>
  );
}
