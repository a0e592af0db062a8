import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { channelsQuery, inboxesQuery } from "@/api/nouns";
import type { Channel, Conversation } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { Chip, Dot } from "@/ui/Chip";
import { Line } from "./ContactDetails";

interface Props {
  conversation: Conversation;
  onOpen: (id: number) => void;
}

/** Our own addresses take no part; a +tag of theirs carries a reply's token. */
function isOurs(email: string, channels: readonly Channel[] | undefined): boolean {
  const address = email.toLowerCase().replace(/\+[^@]*@/, "@");
  return (
    channels?.some((one) => one.address === address || one.forward_address === address) ?? false
  );
}

/** The facts of the conversation itself. */
export function ConversationDetails({ conversation, onOpen }: Props) {
  const { t } = useTranslation("contacts");
  const inboxes = useQuery(inboxesQuery).data;
  const channels = useQuery(channelsQuery).data;
  const inbox = inboxes?.find(({ id }) => id === conversation.inbox_id);
  const channel = channels?.find(({ id }) => id === conversation.channel_id);
  const { channel_off: off, follow_up_of: earlier, participants = [], contact } = conversation;
  const others = participants.filter(
    ({ email }) => email && email !== contact.email && !isOurs(email, channels),
  );
  const status = conversation.draft ? "draft" : conversation.status;
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-baseline gap-x-2 gap-y-1.5">
      <Line label={t("conversation.number")}>
        <span className="tabular-nums">#{conversation.number}</span>
      </Line>
      <Line label={t("conversation.status")}>{t(`conversation.${status}`)}</Line>
      <Line label={t("conversation.inbox")}>
        {inbox ? (
          <span className="inline-flex max-w-full items-center gap-1.5">
            <Dot color={inbox.color} />
            <span className="truncate">{inbox.name}</span>
          </span>
        ) : (
          t("conversation.unknown")
        )}
      </Line>
      <Line label={t("conversation.channel")}>
        {channel ? (
          <>
            {channel.name}
            <span className="block text-fg-3 text-xs">{readablePhone(channel.address)}</span>
            {off ? <Chip tone="warn">{t(`conversation.off.${off}`)}</Chip> : null}
          </>
        ) : (
          t(off ? `conversation.off.${off}` : "conversation.unknown")
        )}
      </Line>
      <Time label={t("conversation.started")} at={conversation.created_at} />
      <Time label={t("conversation.waiting")} at={conversation.waiting_since} />
      <Time label={t("conversation.firstReply")} at={conversation.first_response_at} />
      <Time label={t("conversation.closedAt")} at={conversation.closed_at} />
      {earlier ? (
        <Line label={t("conversation.followUp")}>
          <button
            type="button"
            onClick={() => onOpen(earlier.id)}
            className="text-accent-text underline tabular-nums touch:min-h-11"
          >
            #{earlier.number}
          </button>
        </Line>
      ) : null}
      {others.length > 0 ? (
        <Line label={t("conversation.participants")}>
          <ul>
            {others.map(({ name, email }) => (
              <li key={email} title={email}>
                {name || email}
              </li>
            ))}
          </ul>
        </Line>
      ) : null}
    </dl>
  );
}

function Time({ label, at }: { label: string; at: string | null }) {
  if (!at) return null;
  return (
    <Line label={label}>
      <time dateTime={at} title={fullTime(at)} className="tabular-nums">
        {dateTime(at)}
      </time>
    </Line>
  );
}
