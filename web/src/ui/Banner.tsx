import clsx from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type BannerTone = "info" | "ok" | "warn" | "danger";

const tones: Record<BannerTone, string> = {
  info: "border-line bg-surface-2 text-fg-2",
  ok: "border-transparent bg-ok-soft text-ok",
  warn: "border-transparent bg-warn-soft text-warn",
  danger: "border-transparent bg-danger-soft text-danger",
};

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

interface Props {
  tone?: BannerTone;
  children: ReactNode;
  action?: ReactNode;
  /** Spoken at once when it appears; for what the person has just caused. */
  alert?: boolean;
}

export function Banner({ tone = "info", children, action, alert = false }: Props) {
  const Icon = icons[tone];
  return (
    <div
      role={alert ? "alert" : undefined}
      className={clsx("flex items-start gap-2 rounded-lg border px-3 py-2", tones[tone])}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {action}
    </div>
  );
}
