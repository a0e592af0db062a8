import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { Message, TimelineEvent } from "@/api/types";
import { EventLine } from "./EventLine";
import { MessageCard } from "./MessageCard";

interface Props {
  item: TimelineEvent;
  /** The mail that this event tells of, and that is not shown by itself. */
  mail: number;
  /** It, where it is loaded. */
  message?: Message | undefined;
}

/** A machine's answer as one line, with the mail itself behind a press. */
export function ReportLine({ item, mail, message }: Props) {
  const { t } = useTranslation("inbox");
  const [open, setOpen] = useState(false);
  const asked = useQuery({
    queryKey: ["message", mail],
    enabled: open && !message,
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/messages/{id}", { signal, params: { path: { id: mail } } }),
      ) as Promise<Message>,
  });
  const shown = message ?? asked.data;
  return (
    <>
      <EventLine
        item={item}
        action={
          <button
            type="button"
            aria-expanded={open}
            aria-label={t(open ? "event.hideMail" : "event.showMail")}
            onClick={() => setOpen(!open)}
            className="rounded px-1 text-accent-text underline hover:bg-hover touch:min-h-11 touch:px-3"
          >
            {t(open ? "event.hide" : "event.show")}
          </button>
        }
      />
      {open && shown ? <MessageCard message={shown} /> : null}
    </>
  );
}
