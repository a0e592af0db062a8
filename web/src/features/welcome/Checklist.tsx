import { Link } from "@tanstack/react-router";
import { ChevronRight, Circle, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useChecklist } from "./model/checklist";

/** What a new account still has to do, each with the place to do it. Goes when all is done. */
export function Checklist() {
  const { t } = useTranslation("welcome");
  const { items, ready } = useChecklist();
  const left = items.filter((item) => !item.done).length;
  if (!ready || left === 0) return null;
  return (
    <section
      aria-labelledby="checklist"
      className="m-auto w-full max-w-110 rounded-xl border border-line bg-surface p-4"
    >
      <h2 id="checklist" className="mb-2 font-semibold text-lg">
        {t("checklist.title")}
      </h2>
      <ChecklistItems />
    </section>
  );
}

export function ChecklistItems() {
  const { t } = useTranslation("welcome");
  const { items } = useChecklist();
  const done = items.filter((item) => item.done).length;
  return (
    <div className="grid gap-2">
      <p className="text-fg-3 text-xs tabular-nums">
        {t("checklist.progress", { done, count: items.length })}
      </p>
      <ul className="divide-y overflow-hidden rounded-lg border border-line">
        {items.map((item) => (
          <li key={item.name}>
            <Link
              to={item.to}
              className="flex min-h-12 items-center gap-3 bg-surface px-3 py-2 outline-offset-[-2px] hover:bg-surface-2"
            >
              {item.done ? (
                <CircleCheck size={18} aria-hidden className="shrink-0 text-ok" />
              ) : (
                <Circle size={18} aria-hidden className="shrink-0 text-control" />
              )}
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(`checklist.${item.name}.title`)}</span>
                <span className="block text-fg-3 text-xs">
                  {item.done ? t("checklist.done") : t(`checklist.${item.name}.text`)}
                </span>
              </span>
              <ChevronRight size={16} aria-hidden className="shrink-0 text-fg-3" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
