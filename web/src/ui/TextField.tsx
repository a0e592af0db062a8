import clsx from "clsx";
import type { ComponentProps } from "react";
import { useFieldProps } from "./field-context";

/** Shared by everything that looks like a field. */
export const inputClass =
  "w-full min-w-0 rounded-lg border border-control bg-raised text-fg text-sm outline-offset-0 transition-colors duration-100 hover:border-fg-3 aria-invalid:border-danger disabled:bg-surface-2 disabled:text-fg-3 [&[readonly]]:bg-surface-2";

export function TextField({ className, ...props }: ComponentProps<"input">) {
  const field = useFieldProps();
  return (
    <input
      type="text"
      {...field}
      {...props}
      className={clsx(inputClass, "h-9 px-3 touch:h-11", className)}
    />
  );
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  const field = useFieldProps();
  return (
    <textarea
      rows={4}
      {...field}
      {...props}
      className={clsx(inputClass, "px-3 py-2 leading-5", className)}
    />
  );
}
