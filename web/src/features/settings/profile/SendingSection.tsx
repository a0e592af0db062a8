import { useTranslation } from "react-i18next";
import { undoChoices, useUndoSeconds } from "@/api/me";
import { describe } from "@/api/problem";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import { toast } from "@/ui/toast";
import { useChangePreferences } from "../model/me";
import { SettingsSection } from "../SettingsPage";

/** How long a message can be taken back. */
export function SendingSection() {
  const { t } = useTranslation(["settings", "common"]);
  const seconds = useUndoSeconds();
  const change = useChangePreferences();
  return (
    <SettingsSection title={t("profile.sending")}>
      <div className="max-w-100">
        <Field label={t("profile.undo")} hint={t("profile.undoHint")}>
          <Select
            value={seconds}
            onChange={(next) =>
              change.mutate(
                { undo_seconds: next },
                {
                  onSuccess: () => toast(t("common:saved")),
                  onError: (error) => toast(describe(error).text, { tone: "danger" }),
                },
              )
            }
            options={undoChoices.map((value) => ({
              value,
              label: value === 0 ? t("profile.undoNone") : t("profile.undoFor", { count: value }),
            }))}
          />
        </Field>
      </div>
    </SettingsSection>
  );
}
