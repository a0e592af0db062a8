import { Popover as Base } from "@base-ui/react/popover";
import clsx from "clsx";
import { useRef } from "react";
import { focusAfter, type PopupProps } from "./LazyPopup";
import { popupClass } from "./popup";

/** The lazy half of Popover. */
export function PopoverPopup(props: PopupProps) {
  const { id, anchor, side, align, wide = false, label, open, onOpenChange, children } = props;
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Positioner
          anchor={anchor}
          side={side}
          align={align ?? "start"}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            id={id}
            aria-label={label}
            ref={popup}
            finalFocus={focusAfter(popup, anchor)}
            data-hotkeys="off"
            className={clsx(
              popupClass,
              "max-h-(--available-height) max-w-(--available-width) overflow-y-auto p-3",
              wide ? "w-160" : "w-80",
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
