import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { Inbox } from "@/api/types";

export type InboxInput = components["schemas"]["InboxBody"];
export type InboxChange = components["schemas"]["InboxPatch"] & { id: number };

/** Who sees which inbox is told by both nouns. */
function useChanged() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: keys.inboxes.all }),
      queryClient.invalidateQueries({ queryKey: keys.users.all }),
    ]);
}

export function useCreateInbox() {
  return useAction<Inbox, InboxInput>({
    run: (body, headers) => call(api.POST("/api/v1/inboxes", { body, headers })),
    onSuccess: useChanged(),
  });
}

export function useChangeInbox() {
  return useAction<Inbox, InboxChange>({
    run: ({ id, ...body }) =>
      call(api.PATCH("/api/v1/inboxes/{id}", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

export function useArchiveInbox() {
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/inboxes/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(),
  });
}
