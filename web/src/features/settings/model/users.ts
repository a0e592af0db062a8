import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";

export type UserInput = components["schemas"]["UserBody"];
export type UserChange = components["schemas"]["UserPatch"] & { id: number };

function useChanged() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: keys.users.all }),
      queryClient.invalidateQueries({ queryKey: keys.inboxes.all }),
    ]);
}

export function useInviteUser() {
  return useAction<User, UserInput>({
    run: (body, headers) => call(api.POST("/api/v1/users", { body, headers })),
    onSuccess: useChanged(),
  });
}

export function useChangeUser() {
  return useAction<User, UserChange>({
    run: ({ id, ...body }) =>
      call(api.PATCH("/api/v1/users/{id}", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

/** Mails the invitation again and answers with its link; the link before it stops working. */
export function useResendInvite() {
  return useAction<{ link: string }, number>({
    run: (id, headers) =>
      call(api.POST("/api/v1/users/{id}/invite", { params: { path: { id } }, headers })),
  });
}
