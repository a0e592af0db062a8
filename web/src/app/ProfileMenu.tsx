import { useNavigate } from "@tanstack/react-router";
import { CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { runHotkey } from "@/lib/hotkeys";
import { setTheme, useTheme } from "@/lib/theme";
import { Avatar } from "@/ui/Avatar";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/ui/Menu";

/** The profile picture: account, looks, shortcuts, the way out. */
export function ProfileMenu() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const { user } = useMe();
  const theme = useTheme();
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t("profileMenu", { name: user.name })}
          className="grid size-11 place-items-center rounded-full md:size-10"
        >
          <Avatar name={user.name} size={28} />
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{user.name}</p>
        <p className="truncate text-fg-3 text-xs">{user.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem
        icon={<CircleUser size={16} />}
        onSelect={() => void navigate({ to: "/settings/profile" })}
      >
        {t("account")}
      </MenuItem>
      <MenuItem
        icon={<Keyboard size={16} />}
        hotkey="shortcuts"
        onSelect={() => runHotkey("shortcuts")}
      >
        {t("shortcuts")}
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label={t("theme")}
        value={theme}
        onChange={setTheme}
        options={[
          { value: "light", label: t("light"), icon: <Sun size={16} /> },
          { value: "dark", label: t("dark"), icon: <Moon size={16} /> },
          { value: "system", label: t("system"), icon: <Monitor size={16} /> },
        ]}
      />
      <MenuSeparator />
      <MenuItem icon={<LogOut size={16} />} onSelect={() => runHotkey("sign_out")}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}
