import { useTranslation } from "react-i18next";
import { SettingsPage } from "../SettingsPage";
import { AppearanceSection } from "./AppearanceSection";
import { DetailsSection } from "./DetailsSection";
import { PasswordSection } from "./PasswordSection";
import { SendingSection } from "./SendingSection";
import { SessionsSection } from "./SessionsSection";

/** What is the user's own. */
export function ProfilePage() {
  const { t } = useTranslation("settings");
  return (
    <SettingsPage title={t("profile.title")} text={t("profile.text")}>
      <DetailsSection />
      <AppearanceSection />
      <SendingSection />
      <PasswordSection />
      <SessionsSection />
    </SettingsPage>
  );
}
