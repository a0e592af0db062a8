import { ChevronDown, Forward, Reply, ReplyAll, StickyNote } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HotkeyId } from "@/lib/hotkeys";
import { Button } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import type { ComposerMode } from "./model/mode";

const modes: readonly { mode: ComposerMode; icon: typeof Reply; hotkey: HotkeyId }[] = [
  { mode: "reply", icon: Reply, hotkey: "reply" },
  { mode: "reply_all", icon: ReplyAll, hotkey: "reply_all" },
  { mode: "forward", icon: Forward, hotkey: "forward" },
  { mode: "note", icon: StickyNote, hotkey: "note" },
];

interface Props {
  mode: ComposerMode;
  /** Where nothing can be sent, only notes are written. */
  canSend: boolean;
  /** A text goes to one number: there is nobody else to answer, and it is not forwarded. */
  text: boolean;
  onMode: (mode: ComposerMode) => void;
}

/** What is being written, and what else could be. */
export function ModeMenu({ mode, canSend, text, onMode }: Props) {
  const { t } = useTranslation("composer");
  const Icon = modes.find((one) => one.mode === mode)?.icon ?? Reply;
  return (
    <Menu
      side="top"
      trigger={
        <Button
          look="ghost"
          size="small"
          aria-label={t("mode.choose", { mode: t(`mode.${mode}`) })}
          icon={<Icon size={15} aria-hidden />}
        >
          {t(`mode.${mode}`)}
          <ChevronDown size={13} aria-hidden />
        </Button>
      }
    >
      {modes
        .filter((one) => one.mode === "note" || (canSend && (!text || one.mode === "reply")))
        .map(({ mode: value, icon: ModeIcon, hotkey }) => (
          <MenuItem
            key={value}
            icon={<ModeIcon size={15} />}
            hotkey={hotkey}
            onSelect={() => onMode(value)}
          >
            {t(`mode.${value}`)}
          </MenuItem>
        ))}
    </Menu>
  );
}
