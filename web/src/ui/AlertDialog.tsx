import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { backdropClass } from "./Dialog";
import { useAside } from "./toast";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A question that names the thing: "Delete the channel “Support”?" */
  title: string;
  /** What will happen, and what won't. */
  text: ReactNode;
  /** The verb of the title again. */
  action: string;
  danger?: boolean;
  busy?: boolean;
  error?: string;
  onConfirm: () => void;
}

/** Only for what cannot be undone; everything else is done at once, with Undo. */
export function AlertDialog(props: Props) {
  const { open, onOpenChange, title, text, action, danger = false, busy, error, onConfirm } = props;
  const { t } = useTranslation();
  useAside(open);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop forceRender className={`${backdropClass} z-50`} />
        <Base.Viewport className="fixed inset-0 z-60 grid place-items-center p-4">
          <Base.Popup
            data-hotkeys="off"
            className="grid w-full max-w-105 gap-3 rounded-2xl border border-line-2 bg-raised p-5 shadow-s3 outline-none transition-[opacity,scale] duration-100 data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0"
          >
            <Base.Title className="break-words font-semibold text-lg">{title}</Base.Title>
            <Base.Description render={<div />} className="text-fg-2">
              {text}
            </Base.Description>
            {error ? (
              <p role="alert" className="text-danger">
                {error}
              </p>
            ) : null}
            <div className="mt-2 flex flex-wrap justify-end gap-2">
              <Base.Close render={<Button look="ghost">{t("cancel")}</Button>} />
              <Button look={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
                {action}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
