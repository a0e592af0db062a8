import { useQuery } from "@tanstack/react-query";
import { MessageSquareOff } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, phoneState } from "@/api/contacts";
import { useMay } from "@/api/me";
import type { Conversation, TimelineItem } from "@/api/types";
import { OptOutDialog } from "@/features/contacts";
import { readablePhone } from "@/lib/phones";
import { readStored, writeStored } from "@/lib/storage";
import { Button } from "@/ui/Button";

interface Props {
  conversation: Conversation;
  items: readonly TimelineItem[];
}

/** The newest texts for which the answer was No, so that it is not asked again. */
const declined = "optout.declined";
const remembered = 200;

/** What they wrote last sounds as if they wanted no more texts, without the word that says so: a person decides. */
export function OptOutHint({ conversation, items }: Props) {
  const { t } = useTranslation("inbox");
  const may = useMay("contacts");
  const { contact, phone = contact.phone, channel_type: type } = conversation;
  const last = items.findLast((item) => item.kind === "message" && item.direction === "inbound");
  const asked = may && type === "sms" && last?.kind === "message" && last.sounds_like_opt_out;
  const person = useQuery({ ...contactQuery(contact.id), enabled: Boolean(asked) });
  const [no, setNo] = useState(() => readStored<number[]>(declined, []));
  const [noting, setNoting] = useState(false);
  if (!asked || last?.kind !== "message" || no.includes(last.id)) return null;
  if (!person.data || phoneState(person.data, phone)?.opted_out_at) return null;
  const decline = () => {
    const next = [...no, last.id].slice(-remembered);
    writeStored(declined, next);
    setNo(next);
  };
  return (
    <section
      aria-label={t("optOut.label")}
      className="mt-3 flex flex-wrap items-center gap-2 rounded-lg border border-line-2 bg-surface px-3 py-2"
    >
      <MessageSquareOff size={15} aria-hidden className="shrink-0 text-fg-3" />
      <span className="min-w-48 flex-1 text-fg-2">
        {t("optOut.ask", { phone: readablePhone(phone) })}
      </span>
      <Button size="small" onClick={() => setNoting(true)}>
        {t("optOut.yes")}
      </Button>
      <Button size="small" look="ghost" onClick={decline}>
        {t("optOut.no")}
      </Button>
      {noting ? (
        <Suspense fallback={null}>
          <OptOutDialog
            contact={contact.id}
            phone={phone}
            said={last.visible_text}
            onClose={() => setNoting(false)}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
