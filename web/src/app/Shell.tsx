import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Overlays } from "@/features/palette";
import { LiveRegion } from "@/ui/LiveRegion";
import { OfflineBar } from "./OfflineBar";
import { Rail } from "./Rail";
import { useShellHotkeys } from "./use-shell-hotkeys";
import { useUserHotkeys } from "./use-user-hotkeys";

/** What stands around every signed-in page: the rail, the bar, the one status line. */
export function Shell() {
  const { t } = useTranslation("shell");
  useShellHotkeys();
  useUserHotkeys();
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#main"
        className="sr-only rounded-lg bg-raised px-3 py-2 font-medium shadow-s2 focus:not-sr-only focus:absolute focus:z-70 focus:m-2"
      >
        {t("skip")}
      </a>
      <OfflineBar />
      <div className="flex min-h-0 flex-1 flex-col-reverse md:flex-row">
        <Rail />
        <div className="flex min-h-0 min-w-0 flex-1">
          <Outlet />
        </div>
      </div>
      <LiveRegion />
      <Overlays />
    </div>
  );
}
