import clsx from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { dotColor } from "./colors";

export type Tone = "plain" | "accent" | "ok" | "warn" | "danger" | "note";

const tones: Record<Tone, string> = {
  plain: "border-line bg-surface text-fg-2",
  accent: "border-transparent bg-accent-soft text-accent-text",
  ok: "border-transparent bg-ok-soft text-ok",
  warn: "border-transparent bg-warn-soft text-warn",
  danger: "border-transparent bg-danger-soft text-danger",
  note: "border-note-line bg-note text-fg-2",
};

interface Props {
  children: ReactNode;
  tone?: Tone;
  /** The name of a colour, for a small dot; the words carry the meaning. */
  dot?: string;
  icon?: ReactNode;
  onRemove?: () => void;
  removeLabel?: string;
}

export function Chip({ children, tone = "plain", dot, icon, onRemove, removeLabel }: Props) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-md border px-1.5 font-medium text-2xs leading-none",
        tones[tone],
      )}
    >
      {dot ? <Dot color={dot} /> : icon}
      <span className="truncate">{children}</span>
      {onRemove ? (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="-mr-1 grid size-4 place-items-center rounded-sm hover:bg-active"
        >
          <X size={12} aria-hidden />
        </button>
      ) : null}
    </span>
  );
}

/** The dot of an inbox or tag, by the name of its colour. */
export function Dot({ color }: { color: string }) {
  return (
    <span
      aria-hidden
      className="size-2 shrink-0 rounded-full"
      style={{ background: dotColor(color) }}
    />
  );
}
