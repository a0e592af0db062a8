import {
  type QueryClient,
  queryOptions,
  useIsMutating,
  useQueryClient,
} from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Me } from "@/api/types";

/** What of the account is sample data. Only whoever may change settings may ask. */
export const sampleQuery = queryOptions({
  queryKey: keys.sample,
  queryFn: ({ signal }) => call(api.GET("/api/v1/sample", { signal })),
});

/** Sample data came or went, and with it a part of everything: what is in sight is read anew, the rest is forgotten. */
export function readAllAnew(queryClient: QueryClient): void {
  queryClient.removeQueries({ type: "inactive" });
  void queryClient.invalidateQueries();
}

export function useAddSample() {
  const queryClient = useQueryClient();
  return useAction<Me>({
    mutationKey: keys.sample,
    run: (_, headers) => call(api.POST("/api/v1/sample", { headers })),
    // Somebody else may have been quicker; what there is now is shown in any case.
    onSettled: () => readAllAnew(queryClient),
  });
}

/** Whether sample data is on its way into the account, whichever page asked for it. */
export function useAddingSample(): boolean {
  return useIsMutating({ mutationKey: keys.sample }) > 0;
}

export function useRemoveSample() {
  const queryClient = useQueryClient();
  return useAction({
    run: () => call(api.DELETE("/api/v1/sample")),
    onSuccess: () => readAllAnew(queryClient),
  });
}
