import { useTranslation } from "react-i18next";
import { SettingsPage, SettingsSection } from "../SettingsPage";
import { AddBlock } from "./AddBlock";
import { BlockedConversations } from "./BlockedConversations";
import { Entries } from "./Entries";

/** Who is kept out, by whom and why; and the conversations that left the inboxes for it. */
export function BlocklistPage() {
  const { t } = useTranslation("settings");
  return (
    <SettingsPage title={t("blocklist.title")} text={t("blocklist.text")}>
      <div className="grid gap-6">
        <AddBlock />
        <Entries />
      </div>
      <SettingsSection title={t("blocklist.conversations")} text={t("blocklist.conversationsText")}>
        <BlockedConversations />
      </SettingsSection>
    </SettingsPage>
  );
}
