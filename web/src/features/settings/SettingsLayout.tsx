import { Link, Outlet } from "@tanstack/react-router";
import { CircleUser } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Main, Sidebar } from "@/ui/Workspace";

const sections = [{ to: "/settings/profile", icon: CircleUser, name: "profile" }] as const;

/** The sections on the left, the chosen one in the card. */
export function SettingsLayout() {
  const { t } = useTranslation("settings");
  return (
    <>
      <Sidebar label={t("title")}>
        <nav aria-label={t("title")}>
          <ul className="grid gap-px">
            {sections.map(({ to, icon: Icon, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  className="flex h-7.5 items-center gap-2.5 rounded-lg px-2 text-fg-2 hover:bg-hover aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg touch:h-11"
                >
                  <Icon size={15} strokeWidth={1.9} aria-hidden />
                  {t(`section.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </Sidebar>
      <Main>
        <Outlet />
      </Main>
    </>
  );
}
