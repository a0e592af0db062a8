import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { Me } from "@/api/types";

export type BusinessChange = components["schemas"]["AccountPatch"];

export function useChangeBusiness() {
  const queryClient = useQueryClient();
  return useAction<Me, BusinessChange>({
    run: (body) => call(api.PATCH("/api/v1/account", { body })),
    onSuccess: (me) => queryClient.setQueryData(keys.me, me),
  });
}
