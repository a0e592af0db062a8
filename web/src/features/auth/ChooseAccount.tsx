import { Building2, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import type { AccountChoice } from "./model/queries";

interface Props {
  accounts: readonly AccountChoice[];
  busy: boolean;
  onChoose: (id: number) => void;
  onBack: () => void;
}

/** One email may belong to several businesses; the password was right for each that is listed. */
export function ChooseAccount({ accounts, busy, onChoose, onBack }: Props) {
  const { t } = useTranslation("auth");
  return (
    <div className="grid gap-4">
      <div>
        <h1 className="font-semibold text-xl">{t("choose.title")}</h1>
        <p className="mt-1 text-fg-2">{t("choose.text")}</p>
      </div>
      <ul className="grid gap-2">
        {accounts.map((account) => (
          <li key={account.id}>
            <button
              type="button"
              disabled={busy}
              onClick={() => onChoose(account.id)}
              className="flex h-12 w-full items-center gap-3 rounded-lg border border-line-2 bg-raised px-3 text-left shadow-s1 hover:bg-surface-2 dark:hover:bg-active"
            >
              <Building2 size={16} aria-hidden className="text-fg-3" />
              <span className="min-w-0 flex-1 truncate font-medium">{account.name}</span>
              <ChevronRight size={16} aria-hidden className="text-fg-3" />
            </button>
          </li>
        ))}
      </ul>
      <Button look="ghost" className="justify-self-start" onClick={onBack}>
        {t("choose.back")}
      </Button>
    </div>
  );
}
