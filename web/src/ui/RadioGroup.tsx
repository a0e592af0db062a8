import { Radio } from "@base-ui/react/radio";
import { RadioGroup as Base } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";

export interface RadioOption<Value extends string> {
  value: Value;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
}

interface Props<Value extends string> {
  label: string;
  value: Value;
  options: readonly RadioOption<Value>[];
  onChange: (value: Value) => void;
}

/** One of few, all in view, each with room to say what it means. */
export function RadioGroup<Value extends string>(props: Props<Value>) {
  const { label, value, options, onChange } = props;
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <span id={id} className="font-medium text-sm">
        {label}
      </span>
      <Base
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onChange(next as Value)}
        className="grid gap-1"
      >
        {options.map((option) => (
          <RadioRow key={option.value} option={option} />
        ))}
      </Base>
    </div>
  );
}

function RadioRow<Value extends string>({ option }: { option: RadioOption<Value> }) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5 py-1 touch:py-3">
      <Radio.Root
        id={id}
        value={option.value}
        disabled={option.disabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={option.hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-control bg-raised before:absolute before:-inset-1 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <Radio.Indicator className="size-1.5 rounded-full bg-accent-fg forced-colors:bg-[Highlight]" />
      </Radio.Root>
      <label htmlFor={id} className="min-w-0 flex-1">
        <span id={`${id}-label`}>{option.label}</span>
        {option.hint ? (
          <span id={`${id}-hint`} className="block text-fg-3 text-xs">
            {option.hint}
          </span>
        ) : null}
      </label>
    </div>
  );
}
