import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Dialog } from "@/ui/Dialog";

interface Props {
  message: Message;
  onClose: () => void;
}

/** From which number to which, when, and in how many segments. */
export function TextDetails({ message, onClose }: Props) {
  const { t } = useTranslation("inbox");
  const ours = message.direction === "outbound";
  return (
    <Dialog
      open
      reading
      size="small"
      onOpenChange={(open) => open || onClose()}
      title={t("text.details")}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 pb-4">
        <Line label={t("text.from")}>{readablePhone(message.from.phone ?? "")}</Line>
        <Line label={t("message.to")}>
          {message.to.map(({ phone = "" }) => readablePhone(phone)).join(", ")}
        </Line>
        <Line label={t(ours ? "text.written" : "text.received")}>{fullTime(message.at)}</Line>
        {message.segments > 0 ? <Line label={t("text.segments")}>{message.segments}</Line> : null}
        {ours && message.delivery ? (
          <Line label={t("text.delivery")}>{t(`delivery.${message.delivery}`)}</Line>
        ) : null}
        {message.attempt > 1 ? <Line label={t("text.attempt")}>{message.attempt}</Line> : null}
      </dl>
    </Dialog>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
