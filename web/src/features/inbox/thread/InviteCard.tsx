import { useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { Attachment } from "@/api/types";
import { period } from "@/lib/dates";

const methods = { REQUEST: "request", CANCEL: "cancel", REPLY: "reply" } as const;

/** What an invitation asks, in a few lines; its file stands below it. */
export function InviteCard({ file }: { file: Attachment }) {
  const { t } = useTranslation("inbox");
  const { data } = useQuery({
    queryKey: ["calendar", file.id],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/attachments/{id}/calendar", {
          signal,
          params: { path: { id: file.id } },
        }),
      ),
  });
  if (!data) return null; // a file that can't be read is only a file
  const kind = methods[data.method as keyof typeof methods] ?? "event";
  const organizer = data.organizer?.name || data.organizer?.email;
  return (
    <section
      aria-label={t(`invite.${kind}`)}
      className="mt-3 flex max-w-120 gap-3 rounded-lg border border-line-2 bg-surface-2 px-3 py-2.5"
    >
      <CalendarDays size={18} aria-hidden className="mt-0.5 shrink-0 text-fg-3" />
      <div className="grid min-w-0 gap-0.5 [overflow-wrap:anywhere]">
        <p className="text-fg-3 text-xs">{t(`invite.${kind}`)}</p>
        <p className="font-semibold">{data.summary || t("invite.untitled")}</p>
        {data.start ? <p>{period(data.start, data.end, data.all_day)}</p> : null}
        {data.location ? <p className="text-fg-2">{data.location}</p> : null}
        {organizer ? (
          <p className="text-fg-3 text-xs">{t("invite.organizer", { name: organizer })}</p>
        ) : null}
        {data.attendees.length > 0 ? (
          <p className="text-fg-3 text-xs">
            {t("invite.attendees", {
              names: data.attendees
                .slice(0, 5)
                .map(({ name, email }) => name || email)
                .join(", "),
              count: data.attendees.length - 5,
              context: data.attendees.length > 5 ? "more" : undefined,
            })}
          </p>
        ) : null}
      </div>
    </section>
  );
}
