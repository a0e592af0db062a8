import { useTranslation } from "react-i18next";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import type { CheckAnswer } from "../model/ways";

interface Check {
  isPending: boolean;
  data: CheckAnswer | undefined;
}

/** Tries what stands in the form, before it is saved. */
export function CheckButton({ check, onPress }: { check: Check; onPress: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Button look="outline" busy={check.isPending} onClick={onPress}>
      {t("ways.try")}
    </Button>
  );
}

/** What went wrong is said beside its field. */
export function CheckResult({ check, good }: { check: Check; good: string }) {
  if (check.isPending || !check.data?.ok) return null;
  return (
    <Banner tone="ok" alert>
      {good}
    </Banner>
  );
}
