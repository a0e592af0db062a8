import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { Spinner } from "./Spinner";

export type ButtonLook = "primary" | "outline" | "ghost" | "danger" | "danger-ghost";
export type ButtonSize = "small" | "medium" | "large";

export interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonLook;
  size?: ButtonSize;
  icon?: ReactNode;
  /** Keeps its width and its focus, says that it works, and takes no second press. */
  busy?: boolean;
}

const looks: Record<ButtonLook, string> = {
  primary: "bg-accent text-accent-fg shadow-s1 hover:bg-accent-hover",
  outline:
    "border border-line-2 bg-raised text-fg shadow-s1 hover:bg-surface-2 dark:hover:bg-active",
  ghost: "text-fg-2 hover:bg-hover hover:text-fg data-popup-open:bg-hover data-popup-open:text-fg",
  "danger-ghost": "text-danger hover:bg-danger-soft",
  danger: "bg-danger-solid text-danger-fg shadow-s1 hover:bg-danger-solid-hover",
};

const sizes: Record<ButtonSize, string> = {
  small: "h-7 gap-1.5 rounded-[7px] px-2.5 text-xs touch:h-11",
  medium: "h-8 gap-1.5 rounded-lg px-3 text-sm touch:h-11",
  large: "h-9 gap-2 rounded-lg px-4 text-sm touch:h-11",
};

/** Shared with links that look like buttons. */
export function buttonClass(look: ButtonLook = "outline", size: ButtonSize = "medium"): string {
  return clsx(
    "relative inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors duration-100",
    "disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-60",
    looks[look],
    sizes[size],
  );
}

export function Button({
  look,
  size,
  icon,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={clsx(buttonClass(look, size), className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner className="absolute" /> : null}
      <span className={clsx("inline-flex items-center gap-[inherit]", busy && "opacity-0")}>
        {icon}
        {children}
      </span>
    </button>
  );
}
