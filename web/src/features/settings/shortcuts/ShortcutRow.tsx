import { Pencil, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type HotkeyId,
  hotkeyById,
  startsWithCharacter,
  useHotkeyPreferences,
} from "@/lib/hotkeys";
import { IconButton } from "@/ui/IconButton";
import { Kbd } from "@/ui/Kbd";
import { KeyRecorder } from "./KeyRecorder";

interface Props {
  id: HotkeyId;
  /** null: off; undefined: as it was made. */
  onChange: (keys: string | null | undefined) => void;
}

export function ShortcutRow({ id, onChange }: Props) {
  const { t } = useTranslation(["settings", "hotkeys"]);
  const preferences = useHotkeyPreferences();
  const [recording, setRecording] = useState(false);
  const label = t(`hotkeys:label.${id}`);
  const own = preferences.keys[id];
  const keys = own === undefined ? hotkeyById(id).keys : own;
  const silenced = keys !== null && !preferences.characters && startsWithCharacter(keys);
  if (recording) {
    return (
      <KeyRecorder
        id={id}
        label={label}
        onCancel={() => setRecording(false)}
        onRecord={(next) => {
          setRecording(false);
          onChange(next);
        }}
      />
    );
  }
  return (
    <li className="flex min-h-11 items-center gap-2 py-1 pr-2 pl-4">
      <span className="min-w-0 flex-1">{label}</span>
      {keys && !silenced ? (
        <Kbd keys={keys} />
      ) : (
        <span className="text-fg-3 text-xs">{t("shortcuts.off")}</span>
      )}
      <span className="flex">
        {own === undefined ? null : (
          <IconButton
            label={t("shortcuts.restore", { label })}
            icon={<RotateCcw size={14} aria-hidden />}
            onClick={() => onChange(undefined)}
          />
        )}
        {keys === null ? null : (
          <IconButton
            label={t("shortcuts.turnOff", { label })}
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange(null)}
          />
        )}
        <IconButton
          label={t("shortcuts.change", { label })}
          icon={<Pencil size={14} aria-hidden />}
          onClick={() => setRecording(true)}
        />
      </span>
    </li>
  );
}
