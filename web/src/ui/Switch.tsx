import { Switch as Base } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";

interface Props {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** Takes effect at once, or with its form; the words stand left, the switch right. */
export function Switch({ label, hint, checked, disabled, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <span id={`${id}-label`} className="font-medium text-sm">
          {label}
        </span>
        {hint ? (
          <p id={`${id}-hint`} className="text-fg-3 text-xs">
            {hint}
          </p>
        ) : null}
      </div>
      <Base.Root
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="relative h-5 w-9 shrink-0 rounded-full bg-control p-0.5 transition-colors duration-100 before:absolute before:-inset-3 data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="block size-4 rounded-full bg-white shadow-s1 transition-transform duration-100 data-checked:translate-x-4 forced-colors:bg-[ButtonText]" />
      </Base.Root>
    </div>
  );
}
