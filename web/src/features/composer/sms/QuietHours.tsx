import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";

interface Props {
  quiet: Conversation["quiet"];
  busy: boolean;
  onSchedule: (at: string) => void;
}

/** It is late where they are: a text may wait for their morning. */
export function QuietHours({ quiet, busy, onSchedule }: Props) {
  const { t } = useTranslation("composer");
  if (!quiet?.active || !quiet.until) return null;
  const { local_now: now, to, until } = quiet;
  // Their clock, not ours: as it is written, before any zone is applied.
  const time = now.slice(11, 16);
  return (
    <div className="mx-2 mt-2">
      <Banner
        tone="warn"
        action={
          <Button size="small" disabled={busy} onClick={() => onSchedule(until)}>
            {t("sms.quietSend", { to })}
          </Button>
        }
      >
        {t("sms.quiet", { time, to })}
      </Banner>
    </div>
  );
}
