import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { CannedMessage } from "@/api/types";

export type CannedInput = components["schemas"]["CannedMessageBody"];
export type CannedChange = components["schemas"]["CannedMessagePatch"] & { id: number };

/** Not waited for: the list that is read anew may take the row away whose dialog is open. */
function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.canned.all });
}

export function useCreateCanned() {
  return useAction<CannedMessage, CannedInput>({
    run: (body, headers) => call(api.POST("/api/v1/canned-messages", { body, headers })),
    onSuccess: useChanged(),
  });
}

export function useChangeCanned() {
  return useAction<CannedMessage, CannedChange>({
    run: ({ id, ...body }) =>
      call(api.PATCH("/api/v1/canned-messages/{id}", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

export function useDeleteCanned() {
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/canned-messages/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(),
  });
}
