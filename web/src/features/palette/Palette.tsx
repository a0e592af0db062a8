import { useTranslation } from "react-i18next";
import { type hotkeyGroups, hotkeys, runHotkey, useAvailableHotkeys } from "@/lib/hotkeys";
import { CommandDialog, type CommandGroup } from "@/ui/CommandDialog";
import { HotkeyKbd } from "@/ui/Kbd";
import { commandIcon } from "./icons";

/** What can be done here, nearest first: the conversation, the list, then the rest. */
const order = [
  "conversation",
  "composer",
  "list",
  "go",
  "general",
] as const satisfies typeof hotkeyGroups;

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["palette", "hotkeys"]);
  const available = useAvailableHotkeys();
  const groups: CommandGroup[] = order.map((group) => ({
    value: t(`hotkeys:group.${group}`),
    items: hotkeys
      .filter((row) => row.group === group && row.id !== "palette" && available.includes(row.id))
      .map((row) => ({
        value: row.id,
        label: t(`hotkeys:label.${row.id}`),
        icon: commandIcon(row.id),
        trailing: <HotkeyKbd id={row.id} />,
        run: () => runHotkey(row.id),
      })),
  }));
  return (
    <CommandDialog
      title={t("title")}
      placeholder={t("placeholder")}
      empty={t("empty")}
      groups={groups.filter((group) => group.items.length > 0)}
      onClose={onClose}
    />
  );
}
