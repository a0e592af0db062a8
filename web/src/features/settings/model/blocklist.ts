import { infiniteQueryOptions, useQueryClient } from "@tanstack/react-query";
import { newIntent, useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { BlocklistEntry, Conversation } from "@/api/types";

export function blocklistQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: keys.blocklist.list({ q }),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/blocklist", {
          params: { query: { ...(q ? { q } : {}), cursor: pageParam || undefined } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (previous) => previous,
  });
}

/** The conversations that left the inboxes. */
export const blockedQuery = infiniteQueryOptions({
  queryKey: [...keys.blocklist.all, "conversations"],
  initialPageParam: "",
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET("/api/v1/conversations", {
        params: { query: { view: "spam", cursor: pageParam || undefined } },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.next_cursor || undefined,
  staleTime: 0,
});

/** Not waited for: what is read anew may take away the row whose button was pressed, and with it the word about it. */
function useChanged() {
  const queryClient = useQueryClient();
  return () => {
    for (const queryKey of [keys.blocklist.all, keys.conversations.all]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
}

export function useBlock() {
  return useAction<BlocklistEntry, components["schemas"]["BlocklistBody"]>({
    run: (body, headers) => call(api.POST("/api/v1/blocklist", { body, headers })),
    onSuccess: useChanged(),
  });
}

export function useUnblock() {
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/blocklist/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(),
  });
}

/** Marks conversations as spam or not, one after the other: each takes all of its contact's along. */
export function useMarkSpam() {
  return useAction<void, { rows: readonly Conversation[]; spam: boolean }>({
    run: async ({ rows, spam }) => {
      for (const { id } of oneOfEach(rows)) {
        const options = { params: { path: { id } }, headers: newIntent() };
        if (spam) await call(api.POST("/api/v1/conversations/{id}/spam", { ...options, body: {} }));
        else await call(api.POST("/api/v1/conversations/{id}/not-spam", options));
      }
    },
    onSettled: useChanged(),
  });
}

function oneOfEach(rows: readonly Conversation[]): Conversation[] {
  return [...new Map(rows.map((row) => [row.contact.id, row])).values()];
}
