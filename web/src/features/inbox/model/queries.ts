import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Conversation } from "@/api/types";
import type { Sort, View } from "./views";

/** What a list shows; also its cache's key. */
export interface ListFilter {
  view: View;
  sort: Sort;
  inbox?: number | undefined;
  q?: string | undefined;
}

interface ConversationPage {
  items: Conversation[];
  next_cursor: string;
}

const pageSize = 50;

export function listQuery(filter: ListFilter) {
  return infiniteQueryOptions({
    queryKey: keys.conversations.list(filter),
    queryFn: ({ pageParam, signal }): Promise<ConversationPage> =>
      call(
        api.GET("/api/v1/conversations", {
          signal,
          params: { query: { ...listParams(filter), limit: pageSize, cursor: pageParam } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (previous) => previous,
  });
}

function listParams({ view, sort, inbox, q }: ListFilter) {
  return {
    view,
    sort,
    ...(inbox ? { inbox_id: inbox } : {}),
    ...(q ? { q } : {}),
  };
}

export function useConversations(filter: ListFilter) {
  return useInfiniteQuery(listQuery(filter));
}

/** Which of the ids belong in a list now, as the server sees it. */
export function rowsOf(filter: ListFilter, ids: number[]): Promise<Conversation[]> {
  return call(
    api.GET("/api/v1/conversations", {
      params: { query: { ...listParams(filter), ids: ids.join(","), limit: ids.length } },
    }),
  ).then((page) => page.items);
}

export function conversationQuery(id: number) {
  return queryOptions({
    queryKey: keys.conversations.one(id),
    queryFn: ({ signal }): Promise<Conversation> =>
      call(api.GET("/api/v1/conversations/{id}", { signal, params: { path: { id } } })),
  });
}

export function useConversation(id: number | undefined) {
  return useQuery({ ...conversationQuery(id ?? 0), enabled: id !== undefined });
}

/** The timeline, newest page first; a page further back is fetched when it is scrolled to. */
export function timelineQuery(id: number) {
  return infiniteQueryOptions({
    queryKey: keys.timeline(id),
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/conversations/{id}/timeline", {
          signal,
          params: {
            path: { id },
            query: { order: "desc", bodies: "text", limit: pageSize, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
}

export function useTimeline(id: number) {
  return useInfiniteQuery(timelineQuery(id));
}

export function countsQuery(inbox: number | undefined) {
  return queryOptions({
    queryKey: keys.conversations.counts(inbox),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/conversations/counts", {
          signal,
          params: { query: inbox ? { inbox_id: inbox } : {} },
        }),
      ),
    placeholderData: (previous) => previous,
  });
}

export function useCounts(inbox: number | undefined) {
  return useQuery(countsQuery(inbox));
}

/** Has a conversation ready before it is opened. */
export function prefetchConversation(client: QueryClient, id: number): void {
  void client.prefetchQuery(conversationQuery(id));
  void client.prefetchInfiniteQuery(timelineQuery(id));
}
