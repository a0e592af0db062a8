import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/toast";
import { figuresQuery, type Progress, useRetryAll } from "../model/intake";

/** Retries everything that failed; the bar tells how far it is. One alone has a button of its own. */
export function RetryAll() {
  const { t } = useTranslation("settings");
  const failed = useQuery(figuresQuery).data?.failed ?? 0;
  const [progress, setProgress] = useState<Progress | null>(null);
  const retry = useRetryAll(setProgress);
  if (failed < 2 && !retry.isPending) return null;
  return (
    <div className="flex items-center gap-3">
      {progress ? (
        <p role="status" className="flex items-center gap-2 text-fg-2 text-xs tabular-nums">
          <progress
            aria-label={t("intake.retryingAll")}
            value={progress.done}
            max={progress.of}
            className="h-1.5 w-24 accent-accent"
          />
          {t("intake.progress", { ...progress })}
        </p>
      ) : null}
      <Button
        size="small"
        icon={<RotateCw size={14} aria-hidden />}
        busy={retry.isPending}
        onClick={() =>
          retry.mutate(failed, {
            onSuccess: ({ done }) => toast(t("intake.retriedAll", { count: done })),
            onError: (problem) => toast(problem.message, { tone: "danger" }),
            onSettled: () => setProgress(null),
          })
        }
      >
        {t("intake.retryAll")}
      </Button>
    </div>
  );
}
