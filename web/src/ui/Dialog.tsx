import { Dialog as Base } from "@base-ui/react/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";
import { useAside } from "./toast";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  size?: "small" | "medium" | "large";
  /** There is nothing in it to focus, so the text itself can be scrolled by keys. */
  reading?: boolean;
}

const widths = { small: "max-w-100", medium: "max-w-130", large: "max-w-180" };

export const backdropClass =
  "fixed inset-0 z-40 bg-scrim transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0";

export function Dialog(props: Props) {
  const {
    open,
    onOpenChange,
    title,
    description,
    children,
    footer,
    size = "medium",
    reading,
  } = props;
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useAside(open);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        {/* Also above another dialog, which it then dims: two cards one upon the other look like one. */}
        <Base.Backdrop forceRender className={`${backdropClass} z-50`} />
        <Base.Viewport className="fixed inset-0 z-50 grid place-items-end overflow-hidden sm:place-items-center sm:p-6">
          <Base.Popup
            ref={popup}
            data-hotkeys="off"
            initialFocus={(by) =>
              (by === "touch" ? null : firstField(body.current)) ?? popup.current
            }
            className={clsx(
              "flex max-h-[92dvh] w-full flex-col rounded-t-2xl border border-line-2 bg-raised shadow-s3 outline-none transition-[opacity,scale] duration-100 sm:max-h-[calc(100dvh-3rem)] sm:rounded-2xl",
              "data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0",
              widths[size],
            )}
          >
            <header className="flex items-start gap-4 px-5 pt-4 pb-2">
              <div className="min-w-0 flex-1">
                <Base.Title id={titleId} className="font-semibold text-lg">
                  {title}
                </Base.Title>
                {description ? (
                  <Base.Description className="mt-0.5 text-fg-2 text-sm">
                    {description}
                  </Base.Description>
                ) : null}
              </div>
              <Base.Close
                render={<IconButton label={t("close")} icon={<X size={16} aria-hidden />} />}
              />
            </header>
            <div
              ref={body}
              {...(reading ? { tabIndex: 0, role: "region", "aria-labelledby": titleId } : {})}
              className="min-h-0 flex-1 overflow-y-auto px-5 py-2"
            >
              {children}
            </div>
            {footer ? (
              <footer className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-5">{footer}</footer>
            ) : (
              <div className="h-3" />
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

const fields = "input:not([type=hidden],[readonly],[disabled]), textarea, [role=combobox]";

/** A field to type in, if there is one, the one marked before others; on touch a keyboard would cover the rest. */
function firstField(body: HTMLElement | null): HTMLElement | null {
  const marked = body?.querySelector<HTMLElement>("[data-autofocus]");
  return marked ?? body?.querySelector<HTMLElement>(fields) ?? null;
}
