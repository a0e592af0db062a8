import { Dialog as Base } from "@base-ui/react/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { backdropClass } from "./Dialog";
import { IconButton } from "./IconButton";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  side?: "left" | "right";
  children: ReactNode;
}

/**
 * A panel that has no room beside the page and slides in above it. A modal
 * dialog, so that focus, Escape and the way back are the browser's to expect.
 */
export function Drawer({ open, onOpenChange, title, side = "left", children }: Props) {
  const { t } = useTranslation();
  const left = side === "left";
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={clsx(backdropClass, "duration-180")} />
        <Base.Popup
          data-hotkeys="off"
          className={clsx(
            "fixed inset-y-0 z-50 flex w-[min(320px,calc(100vw-56px))] flex-col bg-canvas shadow-s3 outline-none transition-transform duration-180",
            left
              ? "left-0 border-line border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
              : "right-0 border-line border-l data-ending-style:translate-x-full data-starting-style:translate-x-full",
          )}
        >
          <header className="flex h-12 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
            <Base.Title className="truncate font-semibold text-base">{title}</Base.Title>
            <Base.Close
              render={<IconButton label={t("close")} icon={<X size={16} aria-hidden />} />}
            />
          </header>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
