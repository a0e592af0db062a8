import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { SettingsPage } from "../SettingsPage";
import { AppearanceSection } from "./AppearanceSection";
import { DetailsSection } from "./DetailsSection";
import { PasswordSection } from "./PasswordSection";
import { SessionsSection } from "./SessionsSection";

// Its list of choices weighs more than the rest of the page.
const SendingSection = lazy(() =>
  import("./SendingSection").then((file) => ({ default: file.SendingSection })),
);

/** What is the user's own. */
export function ProfilePage() {
  const { t } = useTranslation("settings");
  return (
    <SettingsPage title={t("profile.title")} text={t("profile.text")}>
      <DetailsSection />
      <AppearanceSection />
      <Suspense fallback={<div className="h-36 border-t" />}>
        <SendingSection />
      </Suspense>
      <PasswordSection />
      <SessionsSection />
    </SettingsPage>
  );
}
