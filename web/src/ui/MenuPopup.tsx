import { Menu as Base } from "@base-ui/react/menu";
import clsx from "clsx";
import { useEffect, useRef } from "react";
import { focusAfter, type PopupProps } from "./LazyPopup";
import { MenuParts } from "./menu-parts";
import { popupClass } from "./popup";

/** The lazy half of Menu. */
export function MenuPopup(props: PopupProps) {
  const { id, anchor, byKeyboard, side, align, open, onOpenChange, children } = props;
  const popup = useRef<HTMLDivElement>(null);
  // The trigger is not Base UI's, so it cannot know that a key opened the menu.
  useEffect(() => {
    if (!open || !byKeyboard) return;
    const frame = requestAnimationFrame(() =>
      popup.current?.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])")?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [open, byKeyboard]);
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
            ref={popup}
            id={id}
            finalFocus={focusAfter(popup, anchor)}
            data-hotkeys="off"
            className={clsx(
              popupClass,
              "max-h-(--available-height) min-w-50 max-w-80 overflow-y-auto p-1",
            )}
          >
            <MenuParts value={Base}>{children}</MenuParts>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
