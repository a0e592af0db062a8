import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { Main } from "@/ui/Workspace";

export function InboxPage() {
  const { t } = useTranslation("shell");
  return (
    <Main>
      <EmptyState icon={<Inbox size={20} />} text={t("inboxEmpty")} />
    </Main>
  );
}
