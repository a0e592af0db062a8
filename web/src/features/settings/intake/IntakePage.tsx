import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { failedQuery, figuresQuery } from "../model/intake";
import { SettingsPage } from "../SettingsPage";
import { Days } from "./Days";
import { FailedEntry } from "./FailedEntry";
import { Figures } from "./Figures";
import { RetryAll } from "./RetryAll";

/** Shows that nothing is lost: all that was accepted is filed, waiting, or listed here as failed. */
export function IntakePage() {
  const { t } = useTranslation("settings");
  return (
    <SettingsPage title={t("intake.title")} text={t("intake.text")}>
      <FiguresPanel />
      <section className="grid grid-cols-1 gap-3">
        <header className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h2 className="font-semibold text-lg">{t("intake.failedTitle")}</h2>
          <RetryAll />
        </header>
        <FailedList />
      </section>
      <section className="grid grid-cols-1 gap-3">
        <header>
          <h2 className="font-semibold text-lg">{t("intake.daysTitle")}</h2>
          <p className="text-fg-2">{t("intake.daysText")}</p>
        </header>
        <Days />
      </section>
    </SettingsPage>
  );
}

function FiguresPanel() {
  const figures = useQuery(figuresQuery);
  if (figures.error && !figures.data) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(figures.error)} onRetry={() => void figures.refetch()} />
      </div>
    );
  }
  return <Figures figures={figures.data} />;
}

function FailedList() {
  const { t } = useTranslation(["settings", "common"]);
  const failed = useInfiniteQuery(failedQuery);
  const entries = failed.data?.pages.flatMap((page) => page.items);
  if (failed.error && !entries) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(failed.error)} onRetry={() => void failed.refetch()} />
      </div>
    );
  }
  if (!entries) return null;
  if (entries.length === 0) {
    return (
      <div className="flex rounded-xl border border-line border-dashed">
        <EmptyState icon={<CircleCheck size={20} />} text={t("intake.empty")} />
      </div>
    );
  }
  return (
    <>
      <ul aria-label={t("intake.failedTitle")} className="divide-y rounded-xl border border-line">
        {entries.map((entry) => (
          <FailedEntry key={entry.id} entry={entry} />
        ))}
      </ul>
      {failed.hasNextPage ? (
        <Button
          className="justify-self-center"
          busy={failed.isFetchingNextPage}
          onClick={() => void failed.fetchNextPage()}
        >
          {t("common:loadMore")}
        </Button>
      ) : null}
    </>
  );
}
