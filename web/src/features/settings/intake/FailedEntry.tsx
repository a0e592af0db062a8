import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "@/api/nouns";
import type { IntakeEntry } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { fileSize } from "@/lib/sizes";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/toast";
import { useRetryEntry } from "../model/intake";

/** A message we took but could not file; its bytes are kept, so it can be tried again. */
export function FailedEntry({ entry }: { entry: IntakeEntry }) {
  const { t } = useTranslation(["settings", "common"]);
  const channels = useQuery(channelsQuery).data;
  const channel = channels?.find(({ id }) => id === entry.channel_id)?.name;
  const retry = useRetryEntry();
  return (
    <li className="flex items-start gap-4 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">
          {entry.mail_from || t("intake.noSender")}
          {channel ? <span className="font-normal text-fg-2"> → {channel}</span> : null}
        </p>
        <p className="break-words text-danger text-xs">{t("intake.why", { error: entry.error })}</p>
        <p className="text-fg-3 text-xs tabular-nums">
          {t("intake.entry", {
            id: entry.id,
            when: dateTime(entry.received_at),
            size: fileSize(entry.size),
            count: entry.tries,
          })}
        </p>
        <a
          href={`/api/v1/intake/entries/${entry.id}/raw`}
          download
          className="text-accent-text text-xs hover:underline"
        >
          {t("intake.raw")}
        </a>
      </div>
      <Button
        size="small"
        icon={<RotateCw size={14} aria-hidden />}
        busy={retry.isPending}
        onClick={() =>
          retry.mutate(entry.id, {
            onSuccess: () => toast(t("intake.retrying")),
            onError: (problem) => toast(problem.message, { tone: "danger" }),
          })
        }
      >
        {t("common:retry")}
      </Button>
    </li>
  );
}
