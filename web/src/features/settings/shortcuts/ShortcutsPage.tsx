import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import {
  defaultHotkeys,
  type HotkeyPreferences,
  hotkeyGroups,
  hotkeys,
  setHotkeyPreferences,
  useHotkeyPreferences,
} from "@/lib/hotkeys";
import { Button } from "@/ui/Button";
import { Switch } from "@/ui/Switch";
import { toast } from "@/ui/toast";
import { useChangePreferences } from "../model/me";
import { SettingsPage, SettingsSection } from "../SettingsPage";
import { ShortcutRow } from "./ShortcutRow";

/** Acts at once on this device, and keeps the choice with the user. */
function useSaveHotkeys() {
  const { mutate } = useChangePreferences();
  return (next: HotkeyPreferences, before: HotkeyPreferences) => {
    setHotkeyPreferences(next);
    mutate(
      { hotkeys: next },
      {
        onError: (error) => {
          setHotkeyPreferences(before);
          toast(describe(error).text, { tone: "danger" });
        },
      },
    );
  };
}

export function ShortcutsPage() {
  const { t } = useTranslation(["settings", "hotkeys"]);
  const preferences = useHotkeyPreferences();
  const save = useSaveHotkeys();
  const changed = Object.keys(preferences.keys).length > 0 || !preferences.characters;
  return (
    <SettingsPage
      title={t("shortcuts.title")}
      text={t("shortcuts.text")}
      action={
        <Button disabled={!changed} onClick={() => save(defaultHotkeys, preferences)}>
          {t("shortcuts.reset")}
        </Button>
      }
    >
      <div className="rounded-xl border border-line p-4">
        <Switch
          label={t("shortcuts.characters")}
          hint={t("shortcuts.charactersHint")}
          checked={preferences.characters}
          onChange={(characters) => save({ ...preferences, characters }, preferences)}
        />
      </div>
      {hotkeyGroups.map((group) => (
        <SettingsSection key={group} title={t(`hotkeys:group.${group}`)}>
          <ul className="divide-y rounded-xl border border-line">
            {hotkeys
              .filter((row) => row.group === group)
              .map((row) => (
                <ShortcutRow
                  key={row.id}
                  id={row.id}
                  onChange={(keys) => {
                    const { [row.id]: _, ...others } = preferences.keys;
                    const own = keys === undefined ? others : { ...others, [row.id]: keys };
                    save({ ...preferences, keys: own }, preferences);
                  }}
                />
              ))}
          </ul>
        </SettingsSection>
      ))}
    </SettingsPage>
  );
}
