import clsx from "clsx";
import { Check } from "lucide-react";
import { lazy, type ReactElement, type ReactNode } from "react";
import type { HotkeyId } from "@/lib/hotkeys";
import { HotkeyKbd } from "./Kbd";
import { LazyPopup } from "./LazyPopup";
import { useMenuParts } from "./menu-parts";
import { groupLabelClass, itemClass } from "./popup";

const Popup = lazy(() => import("./MenuPopup").then((file) => ({ default: file.MenuPopup })));

interface MenuProps {
  /** A Button or IconButton. */
  trigger: ReactElement<object>;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, children, ...rest }: MenuProps) {
  return (
    <LazyPopup kind="menu" trigger={trigger} popup={Popup} {...rest}>
      {children}
    </LazyPopup>
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

export function MenuItem(props: ItemProps) {
  const { children, icon, reason, hotkey, danger = false, disabled, onSelect } = props;
  const parts = useMenuParts();
  return (
    <parts.Item
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
    </parts.Item>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of several, inside a menu. */
export function MenuChoice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, options, onChange } = props;
  const parts = useMenuParts();
  return (
    <parts.Group>
      <parts.GroupLabel className={groupLabelClass}>{label}</parts.GroupLabel>
      <parts.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <parts.RadioItem
            key={option.value}
            value={option.value}
            closeOnClick
            className={itemClass}
          >
            <span aria-hidden className="text-fg-2 empty:hidden">
              {option.icon}
            </span>
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            <parts.RadioItemIndicator>
              <Check size={14} aria-hidden />
            </parts.RadioItemIndicator>
          </parts.RadioItem>
        ))}
      </parts.RadioGroup>
    </parts.Group>
  );
}

export function MenuSeparator() {
  const parts = useMenuParts();
  return <parts.Separator className="mx-1 my-1 h-px bg-line" />;
}
