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

/** What was kept on this device and has not reached the server. */
export function keptHere(conversation: number, slot: Slot): Kept | undefined {
  return readStored<Kept | undefined>(nameOf(conversation, slot), undefined);
}

/** Under which name this device keeps it. */
export function nameOf(conversation: number, slot: Slot): string {
  return `draft.${conversation}.${slot}`;
}
