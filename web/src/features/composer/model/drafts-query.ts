import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import { readStored } from "@/lib/storage";
import type { Kept } from "./draft-keeper";
import type { Slot } from "./mode";

export function draftsQuery(conversation: number) {
  return queryOptions({
    queryKey: keys.drafts(conversation),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/conversations/{id}/draft", {
          signal,
          params: { path: { id: conversation } },
        }),
      ),
  });
}

/** Saves what an open composer has not saved yet, by conversation. */
const savers = new Map<number, Set<() => Promise<void>>>();

export function addSaver(conversation: number, save: () => Promise<void>): () => void {
  const all = savers.get(conversation) ?? new Set();
  savers.set(conversation, all.add(save));
  return () => {
    all.delete(save);
    if (all.size === 0 && savers.get(conversation) === all) savers.delete(conversation);
  };
}

/** Waits until the server has all that was written in a conversation. */
export async function settleDrafts(conversation: number): Promise<void> {
  await Promise.all([...(savers.get(conversation) ?? [])].map((save) => save()));
}

/** What was kept on this device and has not reached the server. */
export function keptHere(conversation: number, slot: Slot): Kept | undefined {
  return readStored<Kept | undefined>(nameOf(conversation, slot), undefined);
}

/** Under which name this device keeps it. */
export function nameOf(conversation: number, slot: Slot): string {
  return `draft.${conversation}.${slot}`;
}
