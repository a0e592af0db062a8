import { Download, Ellipsis, Forward, Reply, ReplyAll } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { Message } from "@/api/types";
import { hasLeft } from "@/features/composer";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem } from "@/ui/Menu";
import { useInbox } from "../model/state";

/** What can be done with one message: this one is answered, whatever came later. */
export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const answer = useInbox((state) => state.answer);
  const answers = useMay("write") && hasLeft(message);
  if (!answers && message.raw_size === 0) return null;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={t("message.more")}
          icon={<Ellipsis size={16} aria-hidden />}
          className="-mt-1 -mr-1.5"
        />
      }
    >
      {answers ? (
        <>
          <MenuItem icon={<Reply size={15} />} onSelect={() => answer("reply", message.id)}>
            {t("action.reply")}
          </MenuItem>
          <MenuItem icon={<ReplyAll size={15} />} onSelect={() => answer("reply_all", message.id)}>
            {t("action.replyAll")}
          </MenuItem>
          <MenuItem icon={<Forward size={15} />} onSelect={() => answer("forward", message.id)}>
            {t("action.forward")}
          </MenuItem>
        </>
      ) : null}
      {message.raw_size > 0 ? (
        <MenuItem
          icon={<Download size={15} />}
          onSelect={() => download(`/api/v1/messages/${message.id}/raw`)}
        >
          {t("message.original")}
        </MenuItem>
      ) : null}
    </Menu>
  );
}

/** As a link would: what fails then is a download that failed, and the page stays. */
function download(address: string): void {
  Object.assign(document.createElement("a"), { href: address, download: "" }).click();
}
