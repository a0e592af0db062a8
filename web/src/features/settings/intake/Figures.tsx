import { useTranslation } from "react-i18next";
import type { IntakeFigures } from "@/api/types";
import { Skeleton } from "@/ui/Skeleton";

const parts = ["accepted", "filed", "failed", "pending"] as const;
const signs = { accepted: null, filed: "=", failed: "+", pending: "+" };

/** The sum as a sum: accepted = filed + failed + waiting. It holds at every moment. */
export function Figures({ figures }: { figures: IntakeFigures | undefined }) {
  const { t, i18n } = useTranslation("settings");
  const number = new Intl.NumberFormat(i18n.resolvedLanguage);
  return (
    <dl className="grid grid-cols-2 gap-x-3 gap-y-3 sm:grid-cols-[1fr_auto_1fr_auto_1fr_auto_1fr]">
      {parts.map((part) => (
        <div key={part} className="contents">
          {signs[part] ? (
            <div aria-hidden className="hidden self-center text-fg-3 text-xl sm:block">
              {signs[part]}
            </div>
          ) : null}
          <div className="flex flex-col-reverse rounded-xl border border-line px-4 py-3">
            <dt className="text-fg-2 text-xs">{t(`intake.${part}`)}</dt>
            <dd className="font-semibold text-xl tabular-nums">
              {figures ? number.format(figures[part]) : <Skeleton className="my-1 h-5 w-16" />}
            </dd>
          </div>
        </div>
      ))}
    </dl>
  );
}
