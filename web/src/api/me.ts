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

/** The choices for how long a message is held back before it leaves, in seconds. */
export const undoChoices = [0, 5, 10, 20, 30, 60] as const;

/** How long the server holds my messages back, in which they can be taken back. */
export function useUndoSeconds(): number {
  const stored = useMe().user.preferences?.undo_seconds;
  return undoChoices.find((seconds) => seconds === stored) ?? 10;
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
