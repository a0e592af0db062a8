import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { ariaKeys, type HotkeyId, useKeys } from "@/lib/hotkeys";
import { type TooltipSide, tip } from "./Tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** The name, and the words of the tooltip. */
  label: string;
  icon: ReactNode;
  hotkey?: HotkeyId;
  size?: "toolbar" | "medium";
  side?: TooltipSide;
}

export function IconButton(props: IconButtonProps) {
  const { label, icon, hotkey, size = "toolbar", side, className, ...rest } = props;
  const keys = useKeys(hotkey);
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={ariaKeys(keys)}
      {...tip(label, { hotkey, side })}
      {...rest}
      className={clsx(
        "inline-grid shrink-0 place-items-center rounded-[7px] text-fg-2 transition-colors duration-100 touch:size-11",
        "hover:bg-hover hover:text-fg aria-pressed:bg-active aria-pressed:text-fg data-popup-open:bg-active data-popup-open:text-fg",
        "disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50",
        size === "toolbar" ? "size-7" : "size-8",
        className,
      )}
    >
      {icon}
    </button>
  );
}
