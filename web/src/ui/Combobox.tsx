import { Combobox as Base } from "@base-ui/react/combobox";
import clsx from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFieldProps } from "./field-context";
import { itemClass, popupClass } from "./popup";
import type { Option } from "./Select";
import { inputClass } from "./TextField";

interface Props<Value> {
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value | null) => void;
  placeholder?: string;
  disabled?: boolean;
}

/** One of a long list, found by typing part of its name. */
export function Combobox<Value extends string | number>(props: Props<Value>) {
  const { options, value, onChange, placeholder, disabled } = props;
  const { t } = useTranslation();
  const field = useFieldProps();
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={chosen}
      disabled={disabled}
      onValueChange={(option: Option<Value> | null) => onChange(option?.value ?? null)}
      limit={100}
    >
      <Base.InputGroup className="relative">
        <Base.Input
          {...field}
          placeholder={placeholder}
          className={clsx(inputClass, "h-9 pr-9 pl-3 touch:h-11")}
        />
        <Base.Trigger
          aria-label={t("showAll")}
          className="absolute inset-y-0 right-0 grid w-9 place-items-center text-fg-2"
        >
          <ChevronDown size={16} aria-hidden />
        </Base.Trigger>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner sideOffset={4} collisionPadding={8} className="z-60 outline-none">
          <Base.Popup
            data-hotkeys="off"
            className={clsx(
              popupClass,
              "max-h-[min(var(--available-height),320px)] w-(--anchor-width) overflow-y-auto p-1",
            )}
          >
            <Base.Empty className="px-2 py-3 text-fg-2 empty:hidden">{t("noMatch")}</Base.Empty>
            <Base.List>
              {(option: Option<Value>) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  disabled={option.disabled}
                  className={itemClass}
                >
                  {option.icon}
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.label}</span>
                    {option.hint ? (
                      <span className="block text-fg-3 text-xs">{option.hint}</span>
                    ) : null}
                  </span>
                  <Base.ItemIndicator className="text-accent-text">
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
