import { useEffect } from "react";
import { useMe } from "@/api/me";
import { parseHotkeys, setHotkeyPreferences } from "@/lib/hotkeys";

/** The shortcuts as this user has set them, on whatever device that was. */
export function useUserHotkeys(): void {
  const stored = useMe().user.preferences?.hotkeys;
  useEffect(() => setHotkeyPreferences(parseHotkeys(stored)), [stored]);
}
