import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { SidebarButton } from "@/ui/Workspace";

export function ProfilePage() {
  const { t } = useTranslation("settings");
  const { user } = useMe();
  return (
    <section className="flex-1 overflow-y-auto p-6">
      <header className="flex items-center gap-2">
        <SidebarButton />
        <h1 className="font-semibold text-xl">{t("section.profile")}</h1>
      </header>
      <p>{user.name}</p>
    </section>
  );
}
