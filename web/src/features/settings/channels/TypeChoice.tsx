import { Link } from "@tanstack/react-router";
import { type LucideIcon, Mail, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/Dialog";
import { RowIcon } from "../Rows";

const types: readonly { type: "email" | "sms"; Icon: LucideIcon }[] = [
  { type: "email", Icon: Mail },
  { type: "sms", Icon: MessageSquare },
];

/** What a new channel is decides what is asked of it. */
export function TypeChoice({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("channels.new")}
      description={t("channels.choose")}
    >
      <ul className="grid gap-3 pb-4 sm:grid-cols-2">
        {types.map(({ type, Icon }) => (
          <li key={type}>
            <Link
              to="/settings/channels"
              search={{ item: "new", type }}
              replace
              className="flex h-full items-start gap-3 rounded-xl border border-line-2 bg-raised p-4 hover:bg-surface-2"
            >
              <RowIcon>
                <Icon size={16} />
              </RowIcon>
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(`channels.types.${type}.title`)}</span>
                <span className="block text-fg-2 text-sm">{t(`channels.types.${type}.text`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
