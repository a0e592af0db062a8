import { lazy, Suspense, useState } from "react";
import { useHotkey } from "@/lib/hotkeys";
import { loadTexts } from "@/lib/i18n";

const Palette = lazy(async () => {
  const [file] = await Promise.all([import("./Palette"), loadTexts("hotkeys", "palette")]);
  return { default: file.Palette };
});
const ShortcutSheet = lazy(async () => {
  const [file] = await Promise.all([import("./ShortcutSheet"), loadTexts("hotkeys", "palette")]);
  return { default: file.ShortcutSheet };
});

/** What opens above any page by key. The code comes with the first press. */
export function Overlays() {
  const [shown, setShown] = useState<"palette" | "shortcuts" | null>(null);
  useHotkey("palette", () => setShown((now) => (now === "palette" ? null : "palette")));
  useHotkey("shortcuts", () => setShown("shortcuts"));
  const close = () => setShown(null);
  return (
    <Suspense fallback={null}>
      {shown === "palette" ? <Palette onClose={close} /> : null}
      {shown === "shortcuts" ? <ShortcutSheet onClose={close} /> : null}
    </Suspense>
  );
}
