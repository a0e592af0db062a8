import clsx from "clsx";
import { ShieldAlert, UserPlus } from "lucide-react";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message, Person } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { Avatar } from "@/ui/Avatar";
import { Banner } from "@/ui/Banner";
import { Chip } from "@/ui/Chip";
import { useAuthor } from "../model/use-author";
import { Attachments } from "./Attachments";
import { DeliveryLine, isTrouble } from "./DeliveryLine";
import { MailFrame } from "./MailFrame";
import { MessageMenu } from "./MessageMenu";
import { MessageText } from "./MessageText";
import { RemoteImages } from "./RemoteImages";

/** One message of the timeline. */
export const MessageCard = memo(function MessageCard({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const { author, name } = useAuthor(message);
  const ours = message.direction === "outbound";
  return (
    <li>
      <article
        aria-label={t("message.from", { name: author, at: fullTime(message.at) })}
        data-message={message.id}
        className={clsx(
          "rounded-xl border bg-surface px-4 py-3.5 shadow-s1",
          isTrouble(message.delivery) ? "border-danger" : "border-line",
        )}
      >
        <header className="mb-2.5 flex items-start gap-2.5">
          <Avatar name={name} size={28} />
          <div className="min-w-0 flex-1 leading-tight">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <b className="font-semibold [overflow-wrap:anywhere]">{author}</b>
              {ours || author === message.from.email ? null : (
                <span className="min-w-0 truncate text-fg-3 text-xs">{message.from.email}</span>
              )}
              <Marks message={message} />
            </div>
            <Recipients message={message} />
          </div>
          <time
            dateTime={message.at}
            title={fullTime(message.at)}
            className="shrink-0 text-fg-3 text-xs tabular-nums"
          >
            {dateTime(message.at)}
          </time>
          <MessageMenu message={message} />
        </header>
        <Body message={message} author={author} />
        <Attachments files={message.attachments} />
        {ours ? <DeliveryLine message={message} /> : null}
      </article>
    </li>
  );
});

function Marks({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  return (
    <>
      {message.auth?.verified === "fail" ? (
        <Chip tone="warn" icon={<ShieldAlert size={11} aria-hidden />}>
          {t("sender.unverified")}
        </Chip>
      ) : null}
      {message.new_participant ? (
        <Chip tone="warn" icon={<UserPlus size={11} aria-hidden />}>
          {t("message.newParticipant")}
        </Chip>
      ) : null}
      {message.auto_submitted ? <Chip>{t("message.automatic")}</Chip> : null}
      {message.is_bounce ? <Chip tone="danger">{t("message.bounce")}</Chip> : null}
      {message.mode === "forward" ? <Chip>{t("message.forwarded")}</Chip> : null}
    </>
  );
}

/** What is wrong with the sender, in words: a badge alone explains nothing. */
function Unverified({ auth }: { auth: NonNullable<Message["auth"]> }) {
  const { t } = useTranslation("inbox");
  const verdict = (check: "spf" | "dkim" | "dmarc") => t(`sender.${auth[check]}`);
  return (
    <div className="mb-2">
      <Banner tone="warn">
        {t("sender.meaning", { domain: auth.domain })}{" "}
        <span className="text-xs">
          SPF: {verdict("spf")} · DKIM: {verdict("dkim")} · DMARC: {verdict("dmarc")}
        </span>
      </Banner>
    </div>
  );
}

function Body({ message, author }: { message: Message; author: string }) {
  const { t } = useTranslation("inbox");
  const [asked, setAsked] = useState(false);
  const images = message.images_allowed || asked;
  return (
    <>
      {message.auth?.verified === "fail" ? <Unverified auth={message.auth} /> : null}
      {message.unparsed ? (
        <Banner tone="warn">
          {t("message.unparsed")}{" "}
          <a className="underline" href={`/api/v1/messages/${message.id}/raw`}>
            {t("message.downloadRaw")}
          </a>
        </Banner>
      ) : null}
      {message.remote_images ? (
        <RemoteImages
          message={message}
          author={author}
          shown={images}
          onShow={() => setAsked(true)}
        />
      ) : null}
      {message.has_html ? (
        <MailFrame
          id={message.id}
          title={t("message.text", { name: author })}
          images={message.remote_images && images}
        />
      ) : (
        <MessageText message={message} />
      )}
    </>
  );
}

function Recipients({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const [all, setAll] = useState(false);
  const everyone = [...message.to, ...message.cc, ...message.bcc];
  if (everyone.length === 0) return null;
  return (
    <div className="text-fg-3 text-xs">
      {all ? (
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-2 [overflow-wrap:anywhere]">
          <Line label={t("message.to")} people={message.to} />
          <Line label={t("message.cc")} people={message.cc} />
          <Line label={t("message.bcc")} people={message.bcc} />
          <Line label={t("message.replyTo")} people={message.reply_to} />
        </dl>
      ) : (
        <button
          type="button"
          aria-expanded={false}
          className="max-w-full truncate text-left hover:text-fg touch:min-h-11"
          onClick={() => setAll(true)}
        >
          {t("message.toList", {
            names: everyone
              .slice(0, 3)
              .map((person) => person.name || untagged(person.email))
              .join(", "),
            count: everyone.length - 3,
            context: everyone.length > 3 ? "more" : undefined,
          })}
        </button>
      )}
    </div>
  );
}

/** Without the reference that our replies ask answers to (26 letters and digits): all of it stands below. */
function untagged(email: string): string {
  return email.replace(/\+[a-z2-7]{26}@/i, "@");
}

function Line({ label, people }: { label: string; people: readonly Person[] }) {
  if (people.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {people
          .map((person) => (person.name ? `${person.name} <${person.email}>` : person.email))
          .join(", ")}
      </dd>
    </>
  );
}
