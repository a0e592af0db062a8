import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { conflictWith, type HotkeyId, keysOf } from "@/lib/hotkeys";
import { Button } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";

interface Props {
  id: HotkeyId;
  label: string;
  onRecord: (keys: string) => void;
  onCancel: () => void;
}

/** The most presses that one shortcut may take. */
const most = 2;

/** Listens for new keys. Tab and Escape keep their meaning, so nobody is caught in here. */
export function KeyRecorder({ id, label, onRecord, onCancel }: Props) {
  const { t } = useTranslation(["settings", "hotkeys", "common"]);
  const [presses, setPresses] = useState<string[]>([]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const keys = presses.join(" ");
  const conflict = keys ? conflictWith(id, keys) : undefined;

  const record = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return onCancel();
    if (event.key === "Enter" && keys && !conflict) return onRecord(keys);
    if (event.key === "Backspace") return setPresses([]);
    const press = keysOf(event.nativeEvent);
    if (!press || event.repeat) return;
    setPresses(presses.length < most ? [...presses, press] : [press]);
  };
  return (
    <li className="grid gap-2 bg-surface-2 px-4 py-3" data-hotkeys="off">
      <p className="font-medium">{label}</p>
      <div className="flex flex-wrap items-center gap-2">
        {/* biome-ignore lint/a11y/useSemanticElements: an input would take the keys as text */}
        <div
          ref={box}
          role="textbox"
          tabIndex={0}
          aria-label={t("shortcuts.press", { label })}
          onKeyDown={record}
          className="flex h-9 min-w-44 items-center rounded-lg border border-control bg-raised px-3"
        >
          {keys ? (
            <Kbd keys={keys} />
          ) : (
            <span className="text-fg-3">{t("shortcuts.pressKeys")}</span>
          )}
        </div>
        <Button
          look="primary"
          disabled={!keys || conflict !== undefined}
          onClick={() => onRecord(keys)}
        >
          {t("common:save")}
        </Button>
        <Button look="ghost" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
      </div>
      <p role="status" className={conflict ? "text-danger text-xs" : "text-fg-3 text-xs"}>
        {conflict
          ? t("shortcuts.conflict", { label: t(`hotkeys:label.${conflict.id}`) })
          : t("shortcuts.recordHint")}
      </p>
    </li>
  );
}
