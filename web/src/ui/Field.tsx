import { CircleAlert } from "lucide-react";
import { type ReactNode, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FieldContext } from "./field-context";

interface Props {
  label: string;
  hint?: ReactNode;
  error?: string;
  /** Most fields are needed, so it is the others that say so. */
  optional?: boolean;
  /** The control is several: a label element could name only one of them. */
  group?: boolean;
  /** Said beside it already: only for those who can't see that. */
  hideLabel?: boolean;
  children: ReactNode;
}

/** A label, a control, and what there is to say about it, tied together for every reader. */
export function Field(props: Props) {
  const {
    label,
    hint,
    error,
    optional = false,
    group = false,
    hideLabel = false,
    children,
  } = props;
  const { t } = useTranslation();
  const id = useId();
  const Label = group ? "span" : "label";
  const describedBy =
    [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  const control = useMemo(
    () => ({
      id,
      labelId: `${id}-label`,
      describedBy,
      invalid: Boolean(error),
      required: !optional,
    }),
    [id, describedBy, error, optional],
  );
  return (
    <div className="grid gap-1.5">
      <Label
        id={`${id}-label`}
        htmlFor={group ? undefined : id}
        className={hideLabel ? "sr-only" : "font-medium text-fg text-sm"}
      >
        {label}
        {optional ? <span className="ml-1 font-normal text-fg-3">({t("optional")})</span> : null}
      </Label>
      <FieldContext value={control}>{children}</FieldContext>
      {hint ? (
        <p id={`${id}-hint`} className="text-fg-3 text-xs">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1 text-danger text-xs">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {error}
        </p>
      ) : null}
    </div>
  );
}
