import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { channelsQuery, inboxesQuery, usersQuery } from "@/api/nouns";
import type { Channel, Inbox, User } from "@/api/types";

/** What rows and messages name by id, loaded once and kept true by the live client. */
export function useInboxes(): ReadonlyMap<number, Inbox> {
  return useById(useQuery(inboxesQuery).data);
}

export function useChannels(): ReadonlyMap<number, Channel> {
  return useById(useQuery(channelsQuery).data);
}

export function useUsers(): ReadonlyMap<number, User> {
  return useById(useQuery(usersQuery).data);
}

function useById<Item extends { id: number }>(
  items: readonly Item[] | undefined,
): ReadonlyMap<number, Item> {
  return useMemo(() => new Map(items?.map((item) => [item.id, item])), [items]);
}
