import { useQuery } from "@tanstack/react-query";
import { useMay, useMe } from "@/api/me";
import { channelsQuery, inboxesQuery, usersQuery } from "@/api/nouns";
import type { Channel, SampleInfo } from "@/api/types";
import { hasWayOut } from "@/api/way-out";
import { type ChannelSearch, sampleQuery } from "@/features/settings";

export interface ChecklistItem {
  name: "channel" | "forward" | "relay" | "number" | "inboxes" | "team";
  to: "/settings/channels" | "/settings/inboxes" | "/settings/users";
  search?: ChannelSearch;
  done: boolean;
  /** Not for everybody: the list goes without it. */
  optional?: true;
}

/**
 * Each item is done when the data says so; nobody has to tick it off. Sample
 * data does nothing for it, but where mail to its addresses really arrives, as
 * in the demo: there it is all set up.
 */
export function useChecklist(): {
  items: ChecklistItem[];
  /** The first channel of the account's own, to forward mail to. */
  channel: Channel | undefined;
  ready: boolean;
} {
  const me = useMe();
  const mayAsk = useMay("settings");
  const sample = useQuery({ ...sampleQuery, enabled: me.account.sample_data && mayAsk });
  const all = useQuery(channelsQuery).data;
  const made = all?.some(({ id, plus_tags: arrives }) => arrives && isSample(id, sample.data))
    ? undefined
    : sample.data;
  const channels = own(all, made?.channel_ids);
  const inboxes = own(useQuery(inboxesQuery).data, made?.inbox_ids);
  const users = own(useQuery(usersQuery).data, made?.user_ids);
  const email = channels?.filter((channel) => channel.type === "email") ?? [];
  const stuck = email.find((channel) => !hasWayOut(channel, me.relay_configured));
  const texting = channels?.some((channel) => channel.type === "sms") ?? false;
  // Who is texted alone needs no mail.
  const mail = texting && email.length === 0 ? ({ optional: true } as const) : {};
  const items: ChecklistItem[] = [
    { name: "channel", to: "/settings/channels", done: email.length > 0, ...mail },
    {
      name: "forward",
      to: "/settings/channels",
      done: email.some((channel) => channel.last_inbound_at !== null),
      ...mail,
    },
    {
      name: "relay",
      to: "/settings/channels",
      ...(stuck ? { search: { item: stuck.id } } : {}),
      done: me.relay_configured || (email.length > 0 && !stuck),
      ...mail,
    },
    {
      name: "number",
      to: "/settings/channels",
      search: { item: "new", type: "sms" },
      done: texting,
      optional: true,
    },
    {
      name: "inboxes",
      to: "/settings/inboxes",
      done: inboxes?.some((inbox) => inbox.assignee_rule !== "nobody") ?? false,
    },
    { name: "team", to: "/settings/users", done: (users?.length ?? 0) > 1 },
  ];
  return {
    items,
    channel: email[0],
    ready:
      channels !== undefined && inboxes !== undefined && users !== undefined && !sample.isLoading,
  };
}

function isSample(channel: number, sample: SampleInfo | undefined): boolean {
  return sample?.channel_ids.includes(channel) ?? false;
}

function own<Item extends { id: number }>(
  items: readonly Item[] | undefined,
  sample: readonly number[] = [],
): readonly Item[] | undefined {
  return items?.filter(({ id }) => !sample.includes(id));
}
