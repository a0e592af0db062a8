import { lazy, type ReactElement, type ReactNode } from "react";
import { LazyPopup } from "./LazyPopup";

const Popup = lazy(() => import("./PopoverPopup").then((file) => ({ default: file.PopoverPopup })));

interface Props {
  /** What the panel is called. */
  label: string;
  /** A Button or IconButton. */
  trigger: ReactElement<object>;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  /** For what has two columns, where there is room. */
  wide?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small panel beside its trigger, for what is more than a list of commands. */
export function Popover({ trigger, children, ...rest }: Props) {
  return (
    <LazyPopup kind="dialog" trigger={trigger} popup={Popup} {...rest}>
      {children}
    </LazyPopup>
  );
}
