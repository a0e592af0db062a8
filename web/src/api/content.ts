import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { allPages, pageLimit } from "./pages";

/** What letters are made of besides their text: canned messages, merge fields, signatures. */
export interface CannedFilter {
  q?: string | undefined;
  folder?: string | undefined;
}

/** Canned messages, page by page; without a search the most used first. */
export function cannedQuery({ q, folder }: CannedFilter) {
  const query = { ...(q ? { q } : {}), ...(folder ? { folder } : {}) };
  return infiniteQueryOptions({
    queryKey: keys.canned.list(query),
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/canned-messages", {
          signal,
          params: { query: { ...query, limit: 50, cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (previous) => previous,
  });
}

export function cannedOneQuery(id: number) {
  return queryOptions({
    queryKey: keys.canned.one(id),
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/canned-messages/{id}", { signal, params: { path: { id } } })),
  });
}

/** All of them, for choosing one. */
export const allCannedQuery = queryOptions({
  queryKey: [...keys.canned.all, "whole"],
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(
        api.GET("/api/v1/canned-messages", {
          signal,
          params: { query: { cursor, limit: pageLimit } },
        }),
      ),
    ),
});

export const cannedFoldersQuery = queryOptions({
  queryKey: keys.canned.folders,
  queryFn: ({ signal }) =>
    call(api.GET("/api/v1/canned-messages/folders", { signal })).then(({ items }) => items),
});

export const mergeFieldsQuery = queryOptions({
  queryKey: keys.mergeFields,
  queryFn: ({ signal }) =>
    call(api.GET("/api/v1/merge-fields", { signal })).then(({ items }) => items),
});

export const signaturesQuery = queryOptions({
  queryKey: keys.signatures.list,
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(
        api.GET("/api/v1/signatures", { signal, params: { query: { cursor, limit: pageLimit } } }),
      ),
    ),
});

export function signatureQuery(conversation: number) {
  return queryOptions({
    queryKey: keys.signatures.of(conversation),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/conversations/{id}/signature", {
          signal,
          params: { path: { id: conversation } },
        }),
      ),
  });
}
