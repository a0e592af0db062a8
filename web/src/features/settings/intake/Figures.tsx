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
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4 sm:gap-8">
      {parts.map((part) => (
        <div
          key={part}
          className="relative flex flex-col-reverse rounded-xl border border-line px-4 py-3"
        >
          <dt className="text-fg-2 text-xs">
            {signs[part] ? (
              <span
                aria-hidden
                className="absolute inset-y-0 -left-8 hidden w-8 place-items-center text-fg-3 text-xl sm:grid"
              >
                {signs[part]}
              </span>
            ) : null}
            {t(`intake.${part}`)}
          </dt>
          <dd className="font-semibold text-xl tabular-nums">
            {figures ? number.format(figures[part]) : <Skeleton className="my-1 h-5 w-16" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
