import { CalendarClock, ChevronDown, Eye, SendHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "@/ui/Button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { tip } from "@/ui/Tooltip";

export interface SendOptions {
  close?: boolean;
  reopen?: boolean;
  /** Although something newer has arrived. */
  force?: boolean;
  /** When it leaves, where that is not now. */
  send_at?: string;
}

interface Props {
  closed: boolean;
  /** A new conversation: there is nothing yet to close. */
  first: boolean;
  busy: boolean;
  onSend: (options: SendOptions) => void;
  onSchedule: () => void;
  /** Absent where there is nothing to see that is not seen already. */
  onPreview?: () => void;
}

/** Send, and beside it the other ways: close or reopen with it, send it later, look at it first. */
export function SendButtons(props: Props) {
  const { closed, first, busy, onSend, onSchedule, onPreview } = props;
  const { t } = useTranslation("composer");
  const main = t(closed ? "sendKeepClosed" : "send");
  return (
    <div className="flex shrink-0">
      <Button
        look="primary"
        busy={busy}
        {...tip(main, { hotkey: "send", side: "top" })}
        className="rounded-r-none!"
        onClick={() => onSend({})}
      >
        {main}
        <SendHorizontal size={14} aria-hidden />
      </Button>
      <Menu
        side="top"
        align="end"
        trigger={
          <button
            type="button"
            aria-label={t("sendMore")}
            disabled={busy}
            className={`${buttonClass("primary")} rounded-l-none! border-white/25 border-l px-1.5!`}
          >
            <ChevronDown size={15} aria-hidden />
          </button>
        }
      >
        {first ? null : closed ? (
          <MenuItem icon={<SendHorizontal size={15} />} onSelect={() => onSend({ reopen: true })}>
            {t("sendReopen")}
          </MenuItem>
        ) : (
          <MenuItem
            icon={<SendHorizontal size={15} />}
            hotkey="send_close"
            onSelect={() => onSend({ close: true })}
          >
            {t("sendClose")}
          </MenuItem>
        )}
        <MenuItem icon={<CalendarClock size={15} />} hotkey="schedule" onSelect={onSchedule}>
          {t("schedule.open")}
        </MenuItem>
        {onPreview ? (
          <>
            <MenuSeparator />
            <MenuItem icon={<Eye size={15} />} hotkey="preview" onSelect={onPreview}>
              {t("preview.open")}
            </MenuItem>
          </>
        ) : null}
      </Menu>
    </div>
  );
}
