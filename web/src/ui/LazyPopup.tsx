import {
  type ComponentType,
  cloneElement,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  Suspense,
  useId,
  useRef,
  useState,
} from "react";

/** What a popup that arrives late is told about the trigger that stands already. */
export interface PopupProps {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  /** Opened by the keyboard, so that the first item should be ready. */
  byKeyboard: boolean;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  /** For what has two columns, where there is room. */
  wide?: boolean;
  /** The name of a panel; menus are named by their trigger. */
  label?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

interface Props extends Pick<PopupProps, "side" | "align" | "wide" | "label" | "children"> {
  kind: "menu" | "dialog";
  trigger: ReactElement<object>;
  popup: ComponentType<PopupProps>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/**
 * Where the focus goes when a popup has closed: back to its trigger, unless what
 * was chosen took it elsewhere. A popup fades for a while; a writer does not wait.
 */
export function focusAfter(popup: RefObject<HTMLElement | null>, anchor: PopupProps["anchor"]) {
  return () => {
    const at = document.activeElement;
    const left = at !== null && at !== document.body && !popup.current?.contains(at);
    return left ? false : anchor.current;
  };
}

/** A trigger that is there at once, and a popup whose code comes when it is first opened. */
export function LazyPopup({ kind, trigger, popup: Popup, children, ...props }: Props) {
  const id = useId();
  const anchor = useRef<HTMLElement>(null);
  const [own, setOwn] = useState(false);
  const [wanted, setWanted] = useState(false);
  const [byKeyboard, setByKeyboard] = useState(false);
  const open = props.open ?? own;
  const setOpen = (next: boolean) => {
    setOwn(next);
    props.onOpenChange?.(next);
  };
  if (open && !wanted) setWanted(true);

  const attributes = {
    ref: anchor,
    "aria-haspopup": kind,
    "aria-expanded": open,
    "aria-controls": open ? id : undefined,
    "data-popup-open": open ? "" : undefined,
    onClick: (event: MouseEvent) => {
      setByKeyboard(event.detail === 0);
      setOpen(!open);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (kind !== "menu" || open || event.key !== "ArrowDown") return;
      event.preventDefault();
      setByKeyboard(true);
      setOpen(true);
    },
  };
  return (
    <>
      {cloneElement(trigger, attributes)}
      {wanted ? (
        <Suspense fallback={null}>
          <Popup
            id={id}
            anchor={anchor}
            byKeyboard={byKeyboard}
            side={props.side}
            align={props.align}
            wide={props.wide}
            label={props.label}
            open={open}
            onOpenChange={setOpen}
          >
            {children}
          </Popup>
        </Suspense>
      ) : null}
    </>
  );
}
