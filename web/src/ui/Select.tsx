import { Select as Base } from "@base-ui/react/select";
import clsx from "clsx";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { useFieldProps } from "./field-context";
import { itemClass, popupClass } from "./popup";
import { inputClass } from "./TextField";

export interface Option<Value> {
  value: Value;
  label: string;
  /** A second line that says what the choice means. */
  hint?: string;
  icon?: ReactNode;
  disabled?: boolean;
}

interface Props<Value> {
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  placeholder?: string;
  disabled?: boolean;
  /** Names the control where it stands in no Field. */
  label?: string;
  className?: string;
  /** Where a form brings the focus when something is wrong with it. */
  ref?: Ref<HTMLButtonElement>;
}

/** One of a short list. For a long one that wants searching there is Combobox. */
export function Select<Value extends string | number>(props: Props<Value>) {
  const { options, value, onChange, placeholder, disabled, label, className, ref } = props;
  const field = useFieldProps();
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Base.Trigger
        {...field}
        ref={ref}
        aria-label={label}
        className={clsx(
          inputClass,
          "flex scroll-mb-8 h-9 items-center justify-between gap-2 px-3 text-left data-disabled:opacity-50 touch:h-11",
          className,
        )}
      >
        <span className="min-w-0 truncate data-placeholder:text-fg-3">
          <Base.Value placeholder={placeholder} />
        </span>
        <Base.Icon className="text-fg-2">
          <ChevronDown size={16} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 outline-none"
        >
          <Base.Popup
            data-hotkeys="off"
            className={clsx(
              popupClass,
              "max-h-[min(var(--available-height),360px)] min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto p-1",
            )}
          >
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  className={itemClass}
                >
                  {option.icon}
                  <span className="min-w-0 flex-1">
                    <Base.ItemText className="block truncate">{option.label}</Base.ItemText>
                    {option.hint ? (
                      <span className="block text-fg-3 text-xs">{option.hint}</span>
                    ) : null}
                  </span>
                  <Base.ItemIndicator className="text-accent-text">
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
