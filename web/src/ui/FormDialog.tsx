import { type FormEventHandler, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { FormError } from "./FormError";

interface Props {
  title: string;
  description?: ReactNode;
  /** What is wrong with the form as a whole. */
  error: string | undefined;
  busy: boolean;
  /** Something else must end before it can be sent. */
  blocked?: boolean;
  /** The verb of the main button; "Save" unless said otherwise. */
  action?: string;
  /** Stands apart from the others, such as Delete. */
  aside?: ReactNode;
  size?: "medium" | "large";
  onSubmit: FormEventHandler;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog: fields, Cancel, and one button that Enter presses too. */
export function FormDialog(props: Props) {
  const { title, description, error, busy, blocked, action, aside, size } = props;
  const { onSubmit, onClose, children } = props;
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={description}
      size={size}
      footer={
        <>
          {aside ? <div className="mr-auto">{aside}</div> : null}
          <Button look="ghost" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" form={id} look="primary" busy={busy} disabled={blocked}>
            {action ?? t("save")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.stopPropagation(); // to React a dialog is part of the form that opened it
          onSubmit(event);
        }}
        noValidate
        className="grid gap-4 pb-2"
      >
        <FormError message={error} />
        {children}
      </form>
    </Dialog>
  );
}
