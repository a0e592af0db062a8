import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, Loader } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Delivery, Message } from "@/api/types";
import { ScheduleDialog } from "@/features/composer";
import { dateTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { isReason } from "@/lib/reasons";
import { Button } from "@/ui/Button";
import { useMessageActions } from "../model/actions";

const icons: Record<Delivery, ReactNode> = {
  draft: null,
  scheduled: <Clock size={13} aria-hidden />,
  queued: <Loader size={13} aria-hidden />,
  sending: <Loader size={13} aria-hidden />,
  sent: <Check size={13} aria-hidden />,
  delivered: <CheckCheck size={13} aria-hidden />,
  failed: <CircleAlert size={13} aria-hidden />,
  bounced: <CircleAlert size={13} aria-hidden />,
  uncertain: <CircleHelp size={13} aria-hidden />,
  cancelled: <Clock size={13} aria-hidden />,
};

/** What pressing Retry means where it is not a second try. */
const again: Partial<Record<Delivery, "delivery.sendAgain">> = {
  uncertain: "delivery.sendAgain",
};

/** Where a message of ours stands on its way, why, and what can be done. */
export function DeliveryLine({ message }: { message: Message }) {
  const { delivery } = message;
  if (!delivery) return null;
  const trouble = isTrouble(delivery);
  const late = isLate(message);
  return (
    <div className={trouble ? "mt-3 text-danger" : "mt-2 text-fg-3"} data-delivery={delivery}>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        <Words message={message} />
        <Ways message={message} delivery={delivery} />
      </div>
      {trouble || late ? <Reasons message={message} /> : null}
    </div>
  );
}

export function isTrouble(delivery: Delivery | null): boolean {
  return delivery === "failed" || delivery === "bounced" || delivery === "uncertain";
}

/** Tried at least once, and to be tried again. */
function isLate(message: Message): boolean {
  return message.delivery === "queued" && message.tries > 0;
}

/** Within the time in which a send can be undone. */
function isSoon(at: string): boolean {
  return Date.parse(at) - Date.now() < 60_000;
}

function Words({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const { delivery, send_at: at } = message;
  if (!delivery) return null;
  const late = isLate(message);
  const planned = delivery === "scheduled" && at;
  // A text has no mail server that takes it or sends it back.
  const way = message.from.phone ? "text" : undefined;
  return (
    <>
      <span className="flex items-center gap-1">
        {icons[delivery]}
        {planned
          ? t(isSoon(at) ? "delivery.soon" : "delivery.scheduledFor", { at: dateTime(at) })
          : t(late ? "delivery.late" : `delivery.${delivery}`, { context: way })}
      </span>
      {late && at ? <span>{t("delivery.nextTry", { at: dateTime(at) })}</span> : null}
    </>
  );
}

/** Try again, change it, or take it back. */
function Ways({ message, delivery }: { message: Message; delivery: Delivery }) {
  const { t } = useTranslation("inbox");
  const { cancel, retry, confirm, edit, takeBack } = useMessageActions(message.conversation_id);
  if (delivery === "queued" || delivery === "scheduled") {
    return (
      <>
        {delivery === "scheduled" && message.send_at && !isSoon(message.send_at) ? (
          <Reschedule message={message} at={message.send_at} />
        ) : null}
        <Button
          look="ghost"
          size="small"
          busy={cancel.isPending}
          onClick={() => void takeBack(message)}
        >
          {t("delivery.cancel")}
        </Button>
      </>
    );
  }
  if (!isTrouble(delivery)) return null;
  return (
    <>
      <Button
        look="outline"
        size="small"
        busy={retry.isPending}
        onClick={() => retry.mutate(message.id)}
      >
        {t(again[delivery] ?? "delivery.retry")}
      </Button>
      {delivery === "uncertain" ? (
        <Button
          look="outline"
          size="small"
          busy={confirm.isPending}
          onClick={() => confirm.mutate(message.id)}
        >
          {t("delivery.confirm")}
        </Button>
      ) : null}
      <Button look="ghost" size="small" onClick={() => edit(message)}>
        {t("delivery.edit")}
      </Button>
    </>
  );
}

/** Another time for a message that waits for its own. */
function Reschedule({ message, at }: { message: Message; at: string }) {
  const { t } = useTranslation("inbox");
  const [open, setOpen] = useState(false);
  const { move } = useMessageActions(message.conversation_id);
  return (
    <>
      <Button look="ghost" size="small" onClick={() => setOpen(true)}>
        {t("delivery.reschedule")}
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <ScheduleDialog
            current={at}
            busy={move.isPending}
            error={move.error?.message}
            onClose={() => setOpen(false)}
            onChoose={(next) =>
              move.mutate({ id: message.id, at: next }, { onSuccess: () => setOpen(false) })
            }
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** Why it did not get there, in our words where we know them, and in the far end's own; for each recipient. */
function Reasons({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const spoken = message.recipients.filter(({ error, reason }) => error || isReason(reason));
  if (spoken.length === 0 && !message.delivery_error) return null;
  return (
    <ul className="mt-1 grid gap-0.5 text-fg-2 text-xs [overflow-wrap:anywhere]">
      {spoken.length === 0 ? <li>{message.delivery_error}</li> : null}
      {spoken.map(({ address, error, reason }) => {
        const ours = isReason(reason) ? t(`delivery.why.${reason}`) : "";
        return (
          <li key={address}>
            {t("delivery.reason", { address: readablePhone(address), reason: ours || error })}
            {ours && error ? <span className="block text-fg-3">{error}</span> : null}
          </li>
        );
      })}
    </ul>
  );
}
