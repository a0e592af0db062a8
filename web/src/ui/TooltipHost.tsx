import { Tooltip as Base } from "@base-ui/react/tooltip";
import { useEffect, useState } from "react";
import { type HotkeyId, hotkeys } from "@/lib/hotkeys";
import { HotkeyKbd } from "./Kbd";
import type { TooltipSide } from "./Tooltip";
import { watchTips } from "./tooltip-watch";

interface Shown {
  anchor: HTMLElement;
  text: string;
  hotkey: HotkeyId | undefined;
  side: TooltipSide;
}

function read(anchor: HTMLElement): Shown {
  const { tip = "", tipHotkey, tipSide } = anchor.dataset;
  return {
    anchor,
    text: tip,
    hotkey: hotkeys.find((row) => row.id === tipHotkey)?.id,
    side: (tipSide as TooltipSide | undefined) ?? "bottom",
  };
}

/** Draws the tooltip of whatever is pointed at or focused. Mounted once, lazily. */
export function TooltipHost() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => watchTips(document, (anchor) => setShown(anchor && read(anchor))), []);
  if (!shown) return null;
  return (
    <Base.Root open onOpenChange={(open) => open || setShown(null)}>
      <Base.Portal>
        <Base.Positioner
          anchor={shown.anchor}
          side={shown.side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60"
        >
          <Base.Popup
            data-tip-popup
            className="flex max-w-72 items-center gap-2 rounded-lg border border-line-2 bg-raised px-2 py-1 text-fg text-xs shadow-s2"
          >
            {shown.text}
            {shown.hotkey ? <HotkeyKbd id={shown.hotkey} /> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
