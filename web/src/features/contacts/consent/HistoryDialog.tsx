import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { consentsQuery } from "@/api/contacts";
import { describe } from "@/api/problem";
import { dateTime, fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Chip } from "@/ui/Chip";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { useHow } from "./words";

interface Props {
  phone: string;
  onClose: () => void;
}

/** All that was said about texts to a number, the newest first: what is noted is never changed. */
export function HistoryDialog({ phone, onClose }: Props) {
  const { t } = useTranslation("contacts");
  const said = useQuery(consentsQuery(phone));
  const how = useHow();
  const { data, error } = said;
  return (
    <Dialog
      open
      reading
      onOpenChange={(open) => open || onClose()}
      title={t("consent.historyOf", { phone: readablePhone(phone) })}
    >
      {error && !data ? (
        <ErrorState
          title={t("consent.failed")}
          {...describe(error)}
          onRetry={() => void said.refetch()}
        />
      ) : null}
      {data?.length === 0 ? <EmptyState text={t("consent.none")} /> : null}
      <ol className="grid gap-3 pb-2">
        {data?.map((one) => (
          <li key={one.id} className="grid gap-1 border-line border-b pb-3 last:border-b-0">
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Chip tone={one.state === "opted_out" ? "warn" : "ok"}>
                {t(`consent.state.${one.state}`)}
              </Chip>
              <span>{how(one)}</span>
              <time
                dateTime={one.at}
                title={fullTime(one.at)}
                className="ml-auto text-fg-3 text-xs tabular-nums"
              >
                {dateTime(one.at)}
              </time>
            </span>
            {one.evidence && one.how !== "keyword" ? (
              <span className="text-fg-2 [overflow-wrap:anywhere]">“{one.evidence}”</span>
            ) : null}
          </li>
        ))}
      </ol>
      {data && data.length > 0 ? (
        <a
          href="/api/v1/consents.csv"
          download="consents.csv"
          className="text-accent-text text-xs underline"
        >
          {t("consent.export")}
        </a>
      ) : null}
    </Dialog>
  );
}
