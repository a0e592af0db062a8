import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { Channel } from "@/api/types";

type Schemas = components["schemas"];
export type Incoming = Schemas["Incoming"];
export type Outgoing = Schemas["Outgoing"];
export type MailServer = Schemas["MailServer"];
export type IncomingBody = Schemas["IncomingBody"];
export type OutgoingBody = Schemas["OutgoingBody"];
export type CheckAnswer = Schemas["CheckAnswer"];

interface Of<Body> {
  id: number;
  body: Body;
}

function useChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keys.channels.all });
}

export function useSetIncoming() {
  return useAction<Channel, Of<IncomingBody>>({
    run: ({ id, body }) =>
      call(api.PUT("/api/v1/channels/{id}/incoming", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

export function useSetOutgoing() {
  return useAction<Channel, Of<OutgoingBody>>({
    run: ({ id, body }) =>
      call(api.PUT("/api/v1/channels/{id}/outgoing", { params: { path: { id } }, body })),
    onSuccess: useChanged(),
  });
}

/** Tries settings without saving them. */
export function useCheckIncoming() {
  return useAction<CheckAnswer, Of<IncomingBody>>({
    run: ({ id, body }, headers) =>
      call(
        api.POST("/api/v1/channels/{id}/incoming/check", {
          params: { path: { id } },
          headers,
          body,
        }),
      ),
  });
}

export function useCheckOutgoing() {
  return useAction<CheckAnswer, Of<OutgoingBody>>({
    run: ({ id, body }, headers) =>
      call(
        api.POST("/api/v1/channels/{id}/outgoing/check", {
          params: { path: { id } },
          headers,
          body,
        }),
      ),
  });
}
