import { Ellipsis, History, MessageSquareOff, MessageSquarePlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { phoneState, shownPhone } from "@/api/contacts";
import { useMay } from "@/api/me";
import type { Contact } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem } from "@/ui/Menu";

const OptInDialog = lazy(() =>
  import("./SaidDialog").then((file) => ({ default: file.OptInDialog })),
);
const OptOutDialog = lazy(() =>
  import("./SaidDialog").then((file) => ({ default: file.OptOutDialog })),
);
const HistoryDialog = lazy(() =>
  import("./HistoryDialog").then((file) => ({ default: file.HistoryDialog })),
);

interface Props {
  contact: Contact;
  phone: string;
  disabled: boolean;
}

/** What may be noted of a number, and what was. */
export function PhoneMenu({ contact, phone, disabled }: Props) {
  const { t } = useTranslation("contacts");
  const may = useMay("contacts");
  const [open, setOpen] = useState<"in" | "out" | "history">();
  const state = phoneState(contact, phone);
  const out = Boolean(state?.opted_out_at);
  const close = () => setOpen(undefined);
  if (disabled || !may) return null;
  // The ledger knows a number by its E.164, however people write it.
  const about = { phone: state?.number ?? phone, onClose: close };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton
            label={t("consent.more", { phone: shownPhone(contact, phone) })}
            icon={<Ellipsis size={14} aria-hidden />}
            className="size-6!"
          />
        }
      >
        {out ? (
          <MenuItem icon={<MessageSquarePlus size={15} />} onSelect={() => setOpen("in")}>
            {t("consent.record")}
          </MenuItem>
        ) : (
          <MenuItem icon={<MessageSquareOff size={15} />} onSelect={() => setOpen("out")}>
            {t("consent.optOut")}
          </MenuItem>
        )}
        <MenuItem icon={<History size={15} />} onSelect={() => setOpen("history")}>
          {t("consent.history")}
        </MenuItem>
      </Menu>
      <Suspense fallback={null}>
        {open === "in" ? <OptInDialog contact={contact.id} {...about} /> : null}
        {open === "out" ? <OptOutDialog contact={contact.id} {...about} /> : null}
        {open === "history" ? <HistoryDialog {...about} /> : null}
      </Suspense>
    </>
  );
}
