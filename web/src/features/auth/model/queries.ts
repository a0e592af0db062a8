import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { ApiProblem } from "@/api/problem";
import type { Me } from "@/api/types";

export interface Credentials {
  email: string;
  password: string;
  account_id?: number;
}

/** Starts with an empty cache, so that nothing of whoever was signed in before is left. */
function useEnter() {
  const queryClient = useQueryClient();
  return (me: Me) => {
    queryClient.clear();
    queryClient.setQueryData(keys.me, me);
  };
}

export function useSignIn() {
  return useAction<Me, Credentials>({
    run: (body, headers) => call(api.POST("/api/v1/session", { body, headers })),
    onSuccess: useEnter(),
  });
}

export interface AccountChoice {
  id: number;
  name: string;
}

/** The accounts to choose from, where an email belongs to several; else null. */
export function accountChoices(problem: ApiProblem | null): AccountChoice[] | null {
  if (problem?.key !== "session.choose_account") return null;
  const accounts = problem.body.accounts;
  return Array.isArray(accounts) ? (accounts as AccountChoice[]) : null;
}

export function useForgot() {
  return useAction<void, { email: string }>({
    run: (body, headers) => call(api.POST("/api/v1/session/forgot", { body, headers })),
  });
}

/** Who a link of a mail is for. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/session/link", { params: { query: { token } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface LinkAnswer {
  token: string;
  password: string;
  name?: string;
}

export function useAnswerLink() {
  return useAction<Me, LinkAnswer>({
    run: (body, headers) => call(api.POST("/api/v1/session/link", { body, headers })),
    onSuccess: useEnter(),
  });
}

export interface SetupValues {
  account_name: string;
  name: string;
  email: string;
  password: string;
  timezone: string;
}

export function useSetup() {
  return useAction<Me, SetupValues>({
    run: (body, headers) => call(api.POST("/api/v1/setup", { body, headers })),
    onSuccess: useEnter(),
  });
}
