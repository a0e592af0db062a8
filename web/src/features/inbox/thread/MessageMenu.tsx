import { Download, Ellipsis, Forward, ListTree, Reply, ReplyAll } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { Message } from "@/api/types";
import { hasLeft } from "@/features/composer";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { useInbox } from "../model/state";

const HeadersDialog = lazy(() =>
  import("./HeadersDialog").then((file) => ({ default: file.HeadersDialog })),
);

/** What can be done with one message: this one is answered, whatever came later. */
export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const answers = useMay("write") && hasLeft(message);
  const [headers, setHeaders] = useState(false);
  if (!answers && message.raw_size === 0) return null;
  return (
    <>
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
        {answers ? <Answers message={message} /> : null}
        {message.raw_size > 0 ? (
          <>
            {answers ? <MenuSeparator /> : null}
            <MenuItem icon={<ListTree size={15} />} onSelect={() => setHeaders(true)}>
              {t("headers.show")}
            </MenuItem>
            <MenuItem
              icon={<Download size={15} />}
              onSelect={() => download(`/api/v1/messages/${message.id}/raw`)}
            >
              {t("message.original")}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {headers ? (
        <Suspense fallback={null}>
          <HeadersDialog message={message} onClose={() => setHeaders(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

function Answers({ message: { id } }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const answer = useInbox((state) => state.answer);
  return (
    <>
      <MenuItem icon={<Reply size={15} />} onSelect={() => answer("reply", id)}>
        {t("action.reply")}
      </MenuItem>
      <MenuItem icon={<ReplyAll size={15} />} onSelect={() => answer("reply_all", id)}>
        {t("action.replyAll")}
      </MenuItem>
      <MenuItem icon={<Forward size={15} />} onSelect={() => answer("forward", id)}>
        {t("action.forward")}
      </MenuItem>
    </>
  );
}

/** As a link would: what fails then is a download that failed, and the page stays. */
function download(address: string): void {
  Object.assign(document.createElement("a"), { href: address, download: "" }).click();
}
