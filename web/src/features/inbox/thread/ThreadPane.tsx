import { MousePointerClick } from "lucide-react";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { loadContactPanel } from "@/features/contacts";
import { welcome } from "@/features/welcome";
import { useIdle, whenIdle } from "@/lib/idle";
import { EmptyState } from "@/ui/EmptyState";
import { ThreadSkeleton } from "./ThreadSkeleton";

const load = () => {
  void loadContactPanel();
  return import("./ConversationView");
};
const ConversationView = lazy(() => load().then((file) => ({ default: file.ConversationView })));

interface Props {
  id: number | undefined;
  onNext: () => void;
}

/** The middle of the page. The list is there first; what a thread is drawn with comes right behind it. */
export function ThreadPane({ id, onNext }: Props) {
  const { t } = useTranslation("inbox");
  useEffect(() => whenIdle(() => void load()), []);
  const waiting = (
    <section aria-label={t("thread.label")} className="flex min-w-0 flex-1 flex-col bg-surface-2">
      {id === undefined ? <NothingOpen /> : <ThreadSkeleton />}
    </section>
  );
  if (id === undefined) return waiting;
  return (
    <Suspense fallback={waiting}>
      <ConversationView id={id} onNext={onNext} />
    </Suspense>
  );
}

/** Whoever can set the account up sees here what is left to do. */
function NothingOpen() {
  const { t } = useTranslation("inbox");
  const idle = useIdle();
  const settings = useMay("settings");
  const choose = <EmptyState icon={<MousePointerClick size={20} />} text={t("thread.choose")} />;
  if (!idle || !settings) return choose;
  return (
    <Suspense fallback={choose}>
      <welcome.Checklist>{choose}</welcome.Checklist>
    </Suspense>
  );
}
