import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { Me } from "@/api/types";

export type MeChange = components["schemas"]["MePatch"];

/** Changes oneself: name, password, or the browser's own settings. */
export function useChangeMe() {
  const queryClient = useQueryClient();
  return useAction<Me, MeChange>({
    run: (body) => call(api.PATCH("/api/v1/me", { body })),
    onSuccess: (me) => {
      queryClient.setQueryData(keys.me, me);
      return queryClient.invalidateQueries({ queryKey: keys.users.all });
    },
  });
}

/** Changes some of one's preferences and keeps the others. */
export function useChangePreferences() {
  const queryClient = useQueryClient();
  return useAction<Me, Record<string, unknown>>({
    run: (next) => {
      const now = queryClient.getQueryData<Me>(keys.me)?.user.preferences;
      return call(api.PATCH("/api/v1/me", { body: { preferences: { ...now, ...next } } }));
    },
    onSuccess: (me) => queryClient.setQueryData(keys.me, me),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: keys.sessions.list(),
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/session/list", { signal }))).items,
});

export function useRevokeSession() {
  const queryClient = useQueryClient();
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/session/list/{id}", { params: { path: { id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.sessions.all }),
  });
}
