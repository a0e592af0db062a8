import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { Channel } from "@/api/types";

export type ChannelInput = components["schemas"]["ChannelBody"];
export type ChannelChange = components["schemas"]["ChannelPatch"] & { id: number };

function useChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keys.channels.all });
}

export function useCreateChannel() {
  const queryClient = useQueryClient();
  const changed = useChanged();
  return useAction<Channel, ChannelInput>({
    run: (body, headers) => call(api.POST("/api/v1/channels", { body, headers })),
    onSuccess: (_, { new_inbox }) =>
      Promise.all([
        changed(),
        new_inbox ? queryClient.invalidateQueries({ queryKey: keys.inboxes.all }) : undefined,
      ]),
  });
}

export function useChangeChannel() {
  return useAction<Channel, ChannelChange>({
    run: ({ id, ...body }) =>
      call(api.PATCH("/api/v1/channels/{id}", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

export function useDeleteChannel() {
  return useAction<void, number>({
    run: (id) => call(api.DELETE("/api/v1/channels/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(),
  });
}
