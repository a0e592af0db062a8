import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import { allPages, pageLimit } from "@/api/pages";
import type { NewToken } from "@/api/types";

export const tokensQuery = queryOptions({
  queryKey: keys.tokens.list(),
  queryFn: ({ signal }) =>
    allPages((cursor) =>
      call(api.GET("/api/v1/tokens", { params: { query: { cursor, limit: pageLimit } }, signal })),
    ),
});

function useChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keys.tokens.all });
}

export function useCreateToken() {
  return useAction<NewToken, { name: string }>({
    run: (body, headers) => call(api.POST("/api/v1/tokens", { body, headers })),
    onSuccess: useChanged(),
  });
}

export function useRevokeToken() {
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(),
  });
}
