import { queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { allPages, pageLimit } from "./pages";

/** The lists that most features need whole, for names and pickers. */
const limit = pageLimit;

export const usersQuery = queryOptions({
  queryKey: keys.users.list(),
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(api.GET("/api/v1/users", { params: { query: { cursor, limit } }, signal })),
    ),
});

export const inboxesQuery = queryOptions({
  queryKey: keys.inboxes.list(),
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(api.GET("/api/v1/inboxes", { params: { query: { cursor, limit } }, signal })),
    ),
});

export const channelsQuery = queryOptions({
  queryKey: keys.channels.list(),
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(api.GET("/api/v1/channels", { params: { query: { cursor, limit } }, signal })),
    ),
});
