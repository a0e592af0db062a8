import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { type Alert, useNotifications } from "../model/notifications";

const stays = 12_000;

/** What has just arrived, at the bottom left, with the way to it. */
export function Alerts({ onView }: { onView: (id: number) => void }) {
  const { t } = useTranslation("inbox");
  const { alerts } = useNotifications();
  if (alerts.length === 0) return null;
  return (
    <section
      aria-label={t("notifications.region")}
      className="pointer-events-none fixed bottom-32 left-3 z-40 grid w-80 max-w-[calc(100vw-24px)] gap-2 md:bottom-20 md:left-17"
    >
      {alerts.map((alert) => (
        <AlertCard key={alert.id} alert={alert} onView={onView} />
      ))}
    </section>
  );
}

function AlertCard({ alert, onView }: { alert: Alert; onView: (id: number) => void }) {
  const { t } = useTranslation("inbox");
  const dismiss = useNotifications((state) => state.dismiss);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(alert.id), stays);
    return () => clearTimeout(timer);
  }, [alert, dismiss, held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it stays while somebody is at it; nothing is pressed here
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex items-center gap-3 rounded-xl border border-line-2 bg-raised p-3 shadow-s3"
    >
      <Avatar name={alert.name} size={32} />
      <div className="min-w-0 flex-1 leading-tight">
        <div className="truncate font-semibold">{alert.name}</div>
        <div className="truncate text-fg-2 text-xs">{alert.text}</div>
      </div>
      <Button
        look="primary"
        size="small"
        onClick={() => {
          dismiss(alert.id);
          onView(alert.id);
        }}
      >
        {t("notifications.view")}
      </Button>
      <IconButton
        label={t("notifications.dismiss")}
        icon={<X size={14} aria-hidden />}
        onClick={() => dismiss(alert.id)}
      />
    </div>
  );
}
