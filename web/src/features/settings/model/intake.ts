import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { newIntent, useAction } from "@/api/action";
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

/** How many days a page of the journal has. */
const days = 14;

export const daysQuery = infiniteQueryOptions({
  queryKey: [...keys.intake.all, "days"],
  initialPageParam: "",
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET("/api/v1/intake/days", {
        params: { query: { limit: days, cursor: pageParam || undefined } },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.next_cursor || undefined,
  refetchInterval: 30_000,
  staleTime: 0,
});

export interface Progress {
  done: number;
  of: number;
}

/** Retries all that failed, as many at a time as the server takes, and tells how far it is. */
export function useRetryAll(onProgress: (progress: Progress) => void) {
  const queryClient = useQueryClient();
  return useAction<Progress, number>({
    run: async (of) => {
      let done = 0;
      for (;;) {
        onProgress({ done, of });
        const step = await call(api.POST("/api/v1/intake/retry", { headers: newIntent() }));
        done += step.retried;
        // What fails anew meanwhile waits for the next press.
        if (step.retried === 0 || step.failed === 0 || done >= of) return { done, of };
      }
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.intake.all }),
  });
}

export function useRetryEntry() {
  const queryClient = useQueryClient();
  return useAction<unknown, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/intake/entries/{id}/retry", { params: { path: { id } }, headers })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.intake.all }),
  });
}
