import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Me } from "@/api/types";

export interface Credentials {
  email: string;
  password: string;
  account_id?: number;
}

/** Answers with who has signed in; the signed-in routes then find it in the cache. */
export function useSignIn() {
  const queryClient = useQueryClient();
  return useAction<Me, Credentials>({
    run: (body, headers) => call(api.POST("/api/v1/session", { body, headers })),
    onSuccess: (me) => queryClient.setQueryData(keys.me, me),
  });
}
