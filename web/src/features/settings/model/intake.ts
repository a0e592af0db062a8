import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";

export const figuresQuery = queryOptions({
  queryKey: [...keys.intake.all, "figures"],
  queryFn: ({ signal }) => call(api.GET("/api/v1/intake", { signal })),
  refetchInterval: 10_000,
  staleTime: 0,
});

export const failedQuery = infiniteQueryOptions({
  queryKey: keys.intake.list({ state: "failed" }),
  initialPageParam: "",
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET("/api/v1/intake/entries", {
        params: { query: { state: "failed", cursor: pageParam || undefined } },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.next_cursor || undefined,
  staleTime: 0,
});

export function useRetryEntry() {
  const queryClient = useQueryClient();
  return useAction<unknown, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/intake/entries/{id}/retry", { params: { path: { id } }, headers })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.intake.all }),
  });
}
