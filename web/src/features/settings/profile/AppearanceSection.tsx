import { useTranslation } from "react-i18next";
import { setTheme, useTheme } from "@/lib/theme";
import { RadioGroup } from "@/ui/RadioGroup";
import { SettingsSection } from "../SettingsPage";

export function AppearanceSection() {
  const { t } = useTranslation("settings");
  const theme = useTheme();
  return (
    <SettingsSection title={t("profile.appearance")}>
      <RadioGroup
        label={t("profile.theme")}
        value={theme}
        onChange={setTheme}
        options={[
          { value: "light", label: t("profile.light") },
          { value: "dark", label: t("profile.dark"), hint: t("profile.darkHint") },
          { value: "system", label: t("profile.system"), hint: t("profile.systemHint") },
        ]}
      />
    </SettingsSection>
  );
}
