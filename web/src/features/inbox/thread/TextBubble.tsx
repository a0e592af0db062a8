import clsx from "clsx";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Message } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Avatar } from "@/ui/Avatar";
import { Chip } from "@/ui/Chip";
import { useAuthor } from "../model/use-author";
import { DeliveryLine, isTrouble } from "./DeliveryLine";
import { MessageText } from "./MessageText";
import { Pictures } from "./Pictures";
import { TextDetails } from "./TextDetails";
import { TextMenu } from "./TextMenu";

interface Props {
  message: Message;
  /** Whom the conversation is with. */
  contact: Conversation["contact"];
}

/** A text: theirs at the left, ours at the right, as telephones show them. */
export const TextBubble = memo(function TextBubble({ message, contact }: Props) {
  const { t } = useTranslation("inbox");
  const { author, name } = useAuthor(message, contact);
  const [details, setDetails] = useState(false);
  const ours = message.direction === "outbound";
  return (
    <li className={clsx("flex gap-2.5", ours && "justify-end")}>
      {ours ? null : (
        <span className="pt-1">
          <Avatar name={name} size={28} />
        </span>
      )}
      <article
        aria-label={t("message.textFrom", { name: author, at: fullTime(message.at) })}
        data-message={message.id}
        className={clsx("min-w-0 max-w-[85%]", ours && "grid justify-items-end")}
      >
        <Head message={message} author={author} onDetails={() => setDetails(true)} />
        {message.text.trim() ? <Speech message={message} /> : null}
        <Pictures files={message.attachments} end={ours} />
        {ours ? (
          <div className="max-w-full px-1">
            <DeliveryLine message={message} />
          </div>
        ) : null}
        {details ? <TextDetails message={message} onClose={() => setDetails(false)} /> : null}
      </article>
    </li>
  );
});

interface HeadProps {
  message: Message;
  author: string;
  onDetails: () => void;
}

function Head({ message, author, onDetails }: HeadProps) {
  const { t } = useTranslation("inbox");
  const ours = message.direction === "outbound";
  const phone = readablePhone(message.from.phone ?? "");
  return (
    <header
      className={clsx(
        "mb-1 flex max-w-full items-center gap-x-2 px-1 text-xs",
        ours && "justify-end",
      )}
    >
      <b className="truncate font-semibold">{author}</b>
      {ours || author === phone ? null : (
        <span className="min-w-0 truncate text-fg-3 tabular-nums">{phone}</span>
      )}
      {message.auto_submitted ? <Chip>{t("message.automatic")}</Chip> : null}
      <time
        dateTime={message.at}
        title={fullTime(message.at)}
        className="shrink-0 text-fg-3 tabular-nums"
      >
        {dateTime(message.at)}
      </time>
      <TextMenu message={message} onDetails={onDetails} />
    </header>
  );
}

function Speech({ message }: { message: Message }) {
  const ours = message.direction === "outbound";
  const edge = ours ? "border-transparent" : "border-line";
  return (
    <div
      className={clsx(
        "w-fit max-w-full rounded-2xl border px-3.5 py-2",
        ours ? "rounded-tr-md bg-accent-soft" : "rounded-tl-md bg-surface shadow-s1",
        isTrouble(message.delivery) ? "border-danger" : edge,
      )}
    >
      <MessageText message={message} />
    </div>
  );
}
