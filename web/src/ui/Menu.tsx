import { Menu as Base } from "@base-ui/react/menu";
import clsx from "clsx";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import type { HotkeyId } from "@/lib/hotkeys";
import { HotkeyKbd } from "./Kbd";
import { groupLabelClass, itemClass, popupClass } from "./popup";

interface MenuProps {
  /** A Button or IconButton. */
  trigger: ReactElement;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({
  trigger,
  children,
  side = "bottom",
  align = "start",
  open,
  onOpenChange,
}: MenuProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-50 outline-none">
          <Base.Popup
            data-hotkeys="off"
            className={clsx(
              popupClass,
              "max-h-(--available-height) min-w-50 max-w-80 overflow-y-auto p-1",
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface ItemProps {
  children: ReactNode;
  icon?: ReactNode;
  /** Why it can't be done stands below its name. */
  reason?: string;
  hotkey?: HotkeyId;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

export function MenuItem({
  children,
  icon,
  reason,
  hotkey,
  danger = false,
  disabled,
  onSelect,
}: ItemProps) {
  return (
    <Base.Item
      className={clsx(itemClass, danger && "text-danger")}
      disabled={disabled}
      onClick={onSelect}
    >
      {icon ? (
        <span aria-hidden className={danger ? undefined : "text-fg-2"}>
          {icon}
        </span>
      ) : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {reason ? <span className="block text-2xs text-fg-3">{reason}</span> : null}
      </span>
      {hotkey ? <HotkeyKbd id={hotkey} /> : null}
    </Base.Item>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of several, inside a menu. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className={groupLabelClass}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemClass}>
            <span aria-hidden className="text-fg-2">
              {option.icon}
            </span>
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check size={14} aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}
