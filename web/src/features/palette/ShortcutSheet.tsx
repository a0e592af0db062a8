import { useTranslation } from "react-i18next";
import { hotkeyGroups, hotkeys } from "@/lib/hotkeys";
import { Dialog } from "@/ui/Dialog";
import { HotkeyKbd } from "@/ui/Kbd";

/** The whole table of shortcuts, as the user has bound them. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["palette", "hotkeys"]);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t("sheet")} size="large" reading>
      <div className="columns-1 gap-10 sm:columns-2">
        {hotkeyGroups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 font-medium text-2xs text-fg-3">{t(`hotkeys:group.${group}`)}</h3>
            <dl>
              {hotkeys
                .filter((row) => row.group === group && row.keys)
                .map((row) => (
                  <div key={row.id} className="flex items-center justify-between gap-4 py-1">
                    <dt>{t(`hotkeys:label.${row.id}`)}</dt>
                    <dd>
                      <HotkeyKbd id={row.id} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
