import { WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { live } from "@/api/realtime";
import { useOnline } from "@/lib/online";

const subscribe = (listener: () => void) => live.onState(listener);

/** Says that the network or the server is away. Nothing is locked: reading and writing go on. */
export function OfflineBar() {
  const { t } = useTranslation("shell");
  const online = useOnline();
  const state = useSyncExternalStore(subscribe, () => live.state);
  const lost = useLasting(state === "waiting", 2000);
  const text = !online ? t("offline") : lost ? t("reconnecting") : null;
  return (
    <div role="status">
      {text ? (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-1.5 text-warn text-xs">
          <WifiOff size={14} aria-hidden className="shrink-0" />
          {text}
        </p>
      ) : null}
    </div>
  );
}

/** True once something has been so for a while: a short break is nobody's business. */
function useLasting(now: boolean, delay: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), delay);
    return () => clearTimeout(timer);
  }, [now, delay]);
  return now && lasting;
}
