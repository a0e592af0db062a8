import { Link } from "@tanstack/react-router";
import { ChevronRight, Circle, CircleCheck } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { settings, useAddingSample, useChangeMe } from "@/features/settings";
import { Button } from "@/ui/Button";
import { toast, toastUndo } from "@/ui/toast";
import { useChecklist } from "./model/checklist";

/** What a new account still has to do, each with the place to do it. Gives its place to the children when all is done, or when it was sent away. */
export function Checklist({ children }: { children: ReactNode }) {
  const { t } = useTranslation("welcome");
  const { items, ready } = useChecklist();
  const { preferences } = useMe().user;
  const left = items.filter((item) => !item.done && !item.optional).length;
  const away = !ready || left === 0 || preferences?.checklist === "hidden";
  // While sample data comes in, the place that tells so stays.
  if (!useAddingSample() && away) return children;
  return (
    <div className="flex flex-1 overflow-y-auto p-4">
      <section
        aria-labelledby="checklist"
        className="m-auto grid w-full max-w-110 gap-3 rounded-2xl border border-line bg-surface p-5"
      >
        <div className="flex items-center justify-between gap-4">
          <h2 id="checklist" className="font-semibold text-lg">
            {t("checklist.title")}
          </h2>
          <Hide />
        </div>
        <ChecklistItems />
      </section>
    </div>
  );
}

function Hide() {
  const { t } = useTranslation(["welcome", "common"]);
  const { mutate } = useChangeMe();
  const set = (checklist: "hidden" | null) =>
    mutate(
      { preferences: { checklist } },
      { onError: (problem) => toast(problem.message, { tone: "danger" }) },
    );
  const hide = () => {
    set("hidden");
    toastUndo(t("checklist.hidden"), t("common:undo"), () => set(null));
  };
  return (
    <Button look="ghost" size="small" onClick={hide}>
      {t("checklist.hide")}
    </Button>
  );
}

export function ChecklistItems() {
  const { t } = useTranslation("welcome");
  const { items } = useChecklist();
  const needed = items.filter((item) => !item.optional);
  const done = needed.filter((item) => item.done).length;
  return (
    <div className="grid gap-2">
      <p className="text-fg-3 text-xs tabular-nums">
        {t("checklist.progress", { done, count: needed.length })}
      </p>
      <ul className="divide-y overflow-hidden rounded-lg border border-line">
        {items.map((item) => (
          <li key={item.name}>
            <Link
              to={item.to}
              search={item.search ?? {}}
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
      <Suspense fallback={null}>
        <settings.SampleData />
      </Suspense>
    </div>
  );
}
