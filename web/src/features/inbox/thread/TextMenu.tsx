import { Copy, Ellipsis, Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem } from "@/ui/Menu";
import { toast } from "@/ui/toast";

interface Props {
  message: Message;
  onDetails: () => void;
}

/** What can be done with one text. */
export function TextMenu({ message, onDetails }: Props) {
  const { t } = useTranslation(["inbox", "common"]);
  const copy = () =>
    navigator.clipboard.writeText(message.text).then(
      () => toast(t("common:copied")),
      () => toast(t("common:copyFailed"), { tone: "danger" }),
    );
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={t("message.more")}
          icon={<Ellipsis size={15} aria-hidden />}
          className="size-6!"
        />
      }
    >
      <MenuItem icon={<Info size={15} />} onSelect={onDetails}>
        {t("text.details")}
      </MenuItem>
      {message.text.trim() ? (
        <MenuItem icon={<Copy size={15} />} onSelect={() => void copy()}>
          {t("text.copy")}
        </MenuItem>
      ) : null}
    </Menu>
  );
}
