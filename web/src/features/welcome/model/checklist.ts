import { useQuery } from "@tanstack/react-query";
import { useMe } from "@/api/me";
import { channelsQuery, inboxesQuery, usersQuery } from "@/api/nouns";

export interface ChecklistItem {
  name: "channel" | "forward" | "relay" | "inboxes" | "team";
  to: "/settings/channels" | "/settings/inboxes" | "/settings/users";
  done: boolean;
}

/** Each item is done when the data says so; nobody has to tick it off. */
export function useChecklist(): { items: ChecklistItem[]; ready: boolean } {
  const me = useMe();
  const channels = useQuery(channelsQuery).data;
  const inboxes = useQuery(inboxesQuery).data;
  const users = useQuery(usersQuery).data;
  const email = channels?.filter((channel) => channel.type === "email") ?? [];
  const items: ChecklistItem[] = [
    { name: "channel", to: "/settings/channels", done: email.length > 0 },
    {
      name: "forward",
      to: "/settings/channels",
      done: email.some((channel) => channel.last_inbound_at !== null),
    },
    { name: "relay", to: "/settings/channels", done: me.relay_configured },
    {
      name: "inboxes",
      to: "/settings/inboxes",
      done: inboxes?.some((inbox) => inbox.assignee_rule !== "nobody") ?? false,
    },
    { name: "team", to: "/settings/users", done: (users?.length ?? 0) > 1 },
  ];
  return { items, ready: channels !== undefined && inboxes !== undefined && users !== undefined };
}
