import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { TimelineEvent } from "@/api/types";
import { dateTime, fullTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { reasonOf } from "@/lib/reasons";
import { useInboxes, useUsers } from "../model/lookups";

interface Props {
  item: TimelineEvent;
  /** What can be done about it, behind its words. */
  action?: ReactNode;
}

/** What happened between the messages, in words. */
export const EventLine = memo(function EventLine({ item, action }: Props) {
  const text = useEventText(item);
  return (
    <li className="flex items-center gap-3 py-1 text-fg-3 text-xs">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <span className="text-center">
        {text} <span aria-hidden>·</span>{" "}
        <time dateTime={item.at} title={fullTime(item.at)} className="tabular-nums">
          {dateTime(item.at)}
        </time>
        {action ? <> {action}</> : null}
      </span>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </li>
  );
});

/** What became of a mail of ours at the far end. */
const reports = ["bounced", "delayed", "delivered"] as const;

/** Those with an actor and without one read differently; the others read the same. */
const twofold = ["created", "closed", "reopened"] as const;
const plain = ["spam", "not_spam", "merged", "linked", "reported", "cancelled"] as const;

function isOf<Kind extends string>(kinds: readonly Kind[], kind: string): kind is Kind {
  return kinds.some((one) => one === kind);
}

function useEventText(item: TimelineEvent): string {
  const { t } = useTranslation(["inbox", "common"]);
  const inboxes = useInboxes();
  const name = useNames();
  const kind = item.event.slice(item.event.indexOf(".") + 1);
  const known = item.actor_id ? name(item.actor_id) : "";
  const actor = known || t("event.system");
  const assigned = useAssignedText(item, actor);
  const said = useConsentText(item, known);
  if (kind === "assigned") return assigned;
  if (said) return said;
  if (kind === "moved") {
    const inbox = inboxes.get(Number(item.data.to))?.name ?? t("event.anotherInbox");
    return t("event.moved", { actor, inbox });
  }
  if (kind === "auto_replied") return t("event.autoReplied");
  if (isOf(reports, kind)) {
    const reason = t(`common:reason.${reasonOf(item.data.reason)}`);
    return t(`event.${kind}`, { address: String(item.data.address ?? ""), reason });
  }
  if (isOf(twofold, kind)) return t(known ? `event.${kind}` : `event.${kind}Auto`, { actor });
  return isOf(plain, kind) ? t(`event.${kind}`, { actor }) : t("event.other", { kind });
}

function useAssignedText(item: TimelineEvent, actor: string): string {
  const { t } = useTranslation("inbox");
  const me = useMe().user.id;
  const name = useNames();
  const id = Number(item.data.to ?? 0);
  if (!id) return t("event.unassigned", { actor });
  if (id === item.actor_id) return t("event.took", { actor });
  const to = id === me ? t("event.toYou") : name(id);
  return t(item.actor_id ? "event.assigned" : "event.autoAssigned", { actor, to });
}

const ways = ["keyword", "manual", "provider", "form", "import"] as const;

/** That somebody wants no texts any more, or wants them again, and how it is known. */
function useConsentText(item: TimelineEvent, actor: string): string | undefined {
  const { t } = useTranslation("inbox");
  const state = item.event.slice("contact.".length);
  if (state !== "opted_out" && state !== "opted_in") return undefined;
  const how = String(item.data.how ?? "");
  const way = isOf(ways, how) ? how : "keyword";
  const phone = readablePhone(String(item.data.phone ?? ""));
  return t(`event.${state}.${way}`, { phone, actor: actor || t("event.someone") });
}

function useNames(): (id: number) => string {
  const { t } = useTranslation("inbox");
  const me = useMe().user.id;
  const people = useUsers();
  return (id) => (id === me ? t("event.you") : (people.get(id)?.name ?? t("event.someone")));
}
