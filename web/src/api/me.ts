import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import type { Me } from "./types";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => call(api.GET("/api/v1/me", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in. Only below the signed-in part of the router, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export type Permission =
  | "read"
  | "write"
  | "annotate"
  | "contacts"
  | "settings"
  | "people"
  | "tokens"
  | "journal"
  | "billing";

/** Whether the signed-in user may do something; the server decides in any case. */
export function useMay(permission: Permission): boolean {
  return useQuery(meQuery).data?.permissions.includes(permission) ?? false;
}
