import { ChevronDown, SendHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { tip } from "@/ui/Tooltip";

export interface SendOptions {
  close?: boolean;
  reopen?: boolean;
  /** Although something newer has arrived. */
  force?: boolean;
}

interface Props {
  closed: boolean;
  /** A new conversation: there is nothing yet to close. */
  first: boolean;
  busy: boolean;
  onSend: (options: SendOptions) => void;
}

/** Send, and beside it the other way: close with it, or reopen with it. */
export function SendButtons({ closed, first, busy, onSend }: Props) {
  const { t } = useTranslation("composer");
  const main = t(closed ? "sendKeepClosed" : "send");
  return (
    <div className="flex shrink-0">
      <Button
        look="primary"
        busy={busy}
        {...tip(main, { hotkey: "send", side: "top" })}
        className={first ? undefined : "rounded-r-none!"}
        onClick={() => onSend({})}
      >
        {main}
        <SendHorizontal size={14} aria-hidden />
      </Button>
      {first ? null : (
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
          {closed ? (
            <MenuItem onSelect={() => onSend({ reopen: true })}>{t("sendReopen")}</MenuItem>
          ) : (
            <MenuItem hotkey="send_close" onSelect={() => onSend({ close: true })}>
              {t("sendClose")}
            </MenuItem>
          )}
        </Menu>
      )}
    </div>
  );
}
