import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";

interface Props {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  /** Some but not all of what it stands for. */
  mixed?: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox({ label, hint, checked, mixed, disabled, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5 py-1 touch:py-3">
      <Base.Root
        id={id}
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 grid size-4 shrink-0 place-items-center rounded-[5px] border border-control bg-raised before:absolute before:-inset-1 data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent data-disabled:opacity-50"
      >
        <Base.Indicator className="text-accent-fg forced-colors:text-[Highlight]">
          {mixed ? (
            <Minus size={12} strokeWidth={3} aria-hidden />
          ) : (
            <Check size={12} strokeWidth={3} aria-hidden />
          )}
        </Base.Indicator>
      </Base.Root>
      <label htmlFor={id} className="min-w-0 flex-1">
        <span id={`${id}-label`} className="text-sm">
          {label}
        </span>
        {hint ? (
          <span id={`${id}-hint`} className="block text-fg-3 text-xs">
            {hint}
          </span>
        ) : null}
      </label>
    </div>
  );
}
