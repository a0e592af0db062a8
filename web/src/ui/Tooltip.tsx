import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import type { HotkeyId } from "@/lib/hotkeys";
import { HotkeyKbd } from "./Kbd";

interface Props {
  /** Repeats or expands the name of the control; never the only place where something is said. */
  text: ReactNode;
  hotkey?: HotkeyId;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactElement;
}

export function Tooltip({ text, hotkey, side = "bottom", children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-60">
          <Base.Popup className="flex max-w-72 items-center gap-2 rounded-lg border border-line-2 bg-raised px-2 py-1 text-fg text-xs shadow-s2 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {text}
            {hotkey ? <HotkeyKbd id={hotkey} /> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Lets tooltips that follow one another show without a wait. Mounted once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delay={500} closeDelay={0}>
      {children}
    </Base.Provider>
  );
}
