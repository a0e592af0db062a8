import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Main, Sidebar, useSidebar } from "@/ui/Workspace";
import { SectionNav } from "./SectionNav";

/** The sections on the left, the chosen one in the card. */
export function SettingsLayout() {
  const { t } = useTranslation("settings");
  const setOpen = useSidebar((state) => state.setOpen);
  return (
    <>
      <Sidebar label={t("title")}>
        <p
          aria-hidden
          className="mb-2 hidden h-8 items-center px-2 font-semibold text-base xl:flex"
        >
          {t("title")}
        </p>
        <SectionNav onChoose={() => setOpen(false)} />
      </Sidebar>
      <Main>
        <Outlet />
      </Main>
    </>
  );
}
