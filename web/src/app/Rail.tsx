import { Link, useNavigate } from "@tanstack/react-router";
import { AtSign, ChevronRight, Inbox, type LucideIcon, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { HotkeyId } from "@/lib/hotkeys";
import { Menu, MenuItem } from "@/ui/Menu";
import { tip } from "@/ui/Tooltip";
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
      <div className="group relative">
        <RailLink to="/inbox" icon={Inbox} label={t("inbox")} hotkey="go_my_open" />
        <InboxMenu />
      </div>
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
    <Link
      to={to}
      activeOptions={{ includeSearch: false }}
      aria-label={label}
      {...tip(label, { hotkey, side: "right" })}
      className="grid size-11 place-items-center rounded-[10px] text-fg-2 transition-colors duration-100 hover:bg-hover hover:text-fg aria-[current=page]:text-accent-text md:size-10 md:aria-[current=page]:bg-surface md:aria-[current=page]:shadow-s1 md:dark:aria-[current=page]:bg-active"
    >
      <Icon size={18} strokeWidth={1.9} aria-hidden />
    </Link>
  );
}

/** The arrow beside Inbox: the settings of what the inbox is made of, one step away. */
function InboxMenu() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const mayChange = useMay("settings");
  return (
    <Menu
      side="right"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={t("inboxMenu")}
          className="absolute -right-2 -bottom-1 hidden size-6 place-items-center rounded-full border border-line bg-surface text-fg-2 opacity-0 shadow-s1 transition-opacity duration-100 hover:text-fg focus-visible:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 md:grid"
        >
          <ChevronRight size={14} aria-hidden />
        </button>
      }
    >
      <MenuItem icon={<Inbox size={16} />} onSelect={() => void navigate({ to: "/inbox" })}>
        {t("inbox")}
      </MenuItem>
      {mayChange ? (
        <MenuItem
          icon={<AtSign size={16} />}
          onSelect={() => void navigate({ to: "/settings/channels" })}
        >
          {t("channels")}
        </MenuItem>
      ) : null}
      <MenuItem icon={<Settings size={16} />} onSelect={() => void navigate({ to: "/settings" })}>
        {t("settings")}
      </MenuItem>
    </Menu>
  );
}
