import { Link } from "@tanstack/react-router";
import { Inbox, type LucideIcon, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HotkeyId } from "@/lib/hotkeys";
import { Tooltip } from "@/ui/Tooltip";
import { ProfileMenu } from "./ProfileMenu";

/** The main menu: a rail of 56 px, or a bar at the bottom where one panel fills the screen. */
export function Rail() {
  const { t } = useTranslation("shell");
  return (
    <nav
      aria-label={t("primary")}
      className="flex h-[calc(3.25rem+env(safe-area-inset-bottom))] shrink-0 items-center justify-around border-t bg-surface pb-[env(safe-area-inset-bottom)] md:h-auto md:w-14 md:flex-col md:justify-start md:gap-1 md:border-0 md:bg-transparent md:py-3"
    >
      <img src="/icon.svg" alt="" width={32} height={32} className="mb-2 hidden md:block" />
      <RailLink to="/inbox" icon={Inbox} label={t("inbox")} hotkey="go_my_open" />
      <span className="hidden flex-1 md:block" />
      <RailLink to="/settings" icon={Settings} label={t("settings")} hotkey="go_settings" />
      <ProfileMenu />
    </nav>
  );
}

interface LinkProps {
  to: "/inbox" | "/settings";
  icon: LucideIcon;
  label: string;
  hotkey: HotkeyId;
}

function RailLink({ to, icon: Icon, label, hotkey }: LinkProps) {
  return (
    <Tooltip text={label} hotkey={hotkey} side="right">
      <Link
        to={to}
        aria-label={label}
        className="grid size-11 place-items-center rounded-[10px] text-fg-2 transition-colors duration-100 hover:bg-hover hover:text-fg aria-[current=page]:text-accent-text md:size-10 md:aria-[current=page]:bg-surface md:aria-[current=page]:shadow-s1 md:dark:aria-[current=page]:bg-active"
      >
        <Icon size={18} strokeWidth={1.9} aria-hidden />
      </Link>
    </Tooltip>
  );
}
