import { useTranslation } from "react-i18next";
import { SettingsPage } from "../SettingsPage";
import { SampleData } from "./SampleData";

export function SamplePage() {
  const { t } = useTranslation("sample");
  return (
    <SettingsPage title={t("title")} text={t("text")}>
      <SampleData />
    </SettingsPage>
  );
}
