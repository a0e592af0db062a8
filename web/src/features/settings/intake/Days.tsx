import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "@/api/nouns";
import { describe } from "@/api/problem";
import type { IntakeDay, IntakeFigures } from "@/api/types";
import { utcDay } from "@/lib/dates";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Skeleton } from "@/ui/Skeleton";
import { LoadMore } from "../LoadMore";
import { daysQuery } from "../model/intake";

const parts = ["accepted", "filed", "failed", "pending"] as const;

/** The sum by day, and of each channel where several received something. */
export function Days() {
  const { t } = useTranslation(["settings", "common"]);
  const query = useInfiniteQuery(daysQuery);
  const days = query.data?.pages.flatMap((page) => page.items);
  if (query.error && !days) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!days) return <Skeleton className="h-40 w-full rounded-xl" />;
  if (days.length === 0) {
    return (
      <div className="flex rounded-xl border border-line border-dashed">
        <EmptyState icon={<CalendarDays size={20} />} text={t("intake.noDays")} />
      </div>
    );
  }
  return (
    <>
      <div className="overflow-hidden rounded-xl border border-line">
        <table className="w-full table-fixed border-collapse text-sm tabular-nums">
          <caption className="sr-only">{t("intake.daysTitle")}</caption>
          <thead>
            <tr className="bg-surface-2 text-fg-2 text-xs">
              <th scope="col" className="px-3 py-2 w-[38%] text-left font-medium sm:px-4">
                {t("intake.day")}
              </th>
              {parts.map((part) => (
                <th
                  key={part}
                  scope="col"
                  className="px-1 py-2 text-right font-medium last:pr-3 sm:last:pr-4"
                >
                  {t(`intake.${part}`)}
                </th>
              ))}
            </tr>
          </thead>
          {days.map((day) => (
            <Day key={day.day} day={day} />
          ))}
        </table>
      </div>
      <LoadMore query={query} />
    </>
  );
}

function Day({ day }: { day: IntakeDay }) {
  const { t } = useTranslation("settings");
  const channels = useQuery(channelsQuery).data;
  const name = (id: number) =>
    channels?.find((channel) => channel.id === id)?.name ?? t("intake.goneChannel", { id });
  const [only, ...others] = day.channels;
  return (
    <tbody className="border-line border-t">
      <tr>
        <th scope="rowgroup" className="break-words px-3 py-2 text-left font-medium sm:px-4">
          {utcDay(day.day)}
          {only && others.length === 0 ? (
            <span className="block font-normal text-fg-3 text-xs">{name(only.channel_id)}</span>
          ) : null}
        </th>
        <Sums figures={day} />
      </tr>
      {others.length > 0
        ? day.channels.map((channel) => (
            <tr key={channel.channel_id} className="text-fg-2 text-xs">
              <th scope="row" className="break-words py-1 pr-1 pl-5 text-left font-normal sm:pl-8">
                {name(channel.channel_id)}
              </th>
              <Sums figures={channel} />
            </tr>
          ))
        : null}
    </tbody>
  );
}

function Sums({ figures }: { figures: IntakeFigures }) {
  const { i18n } = useTranslation("settings");
  const number = new Intl.NumberFormat(i18n.resolvedLanguage);
  return parts.map((part) => (
    <td
      key={part}
      className={`px-1 py-1 text-right last:pr-3 sm:last:pr-4 ${part === "failed" && figures.failed > 0 ? "font-medium text-danger" : ""} ${figures[part] === 0 ? "text-fg-3" : ""}`}
    >
      {number.format(figures[part])}
    </td>
  ));
}
