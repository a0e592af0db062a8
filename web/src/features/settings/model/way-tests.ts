import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type RoundTrip = Schemas["RoundTrip"];
export type Confirmation = Schemas["Confirmation"];
export type SenderCheck = Schemas["SenderCheck"];
export type SenderRecord = Schemas["SenderRecord"];

/** While a mail is under way, or a provider's question may come in. */
const soon = 2000;

/** Whether it arrived; and then whether the one to a +tag did. */
function underWay(trip: RoundTrip | null | undefined): boolean {
  return trip?.state === "sent" || (trip?.state === "arrived" && trip.plus_tags === null);
}

export const roundTripQuery = (id: number) =>
  queryOptions({
    queryKey: keys.channels.roundTrip(id),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/channels/{id}/round-trip", { signal, params: { path: { id } } }),
      ) as Promise<RoundTrip | null>,
    refetchInterval: ({ state }) => (underWay(state.data) ? soon : false),
  });

export function useStartRoundTrip() {
  const client = useQueryClient();
  return useAction<RoundTrip | null, number>({
    run: (id, headers) =>
      call(
        api.POST("/api/v1/channels/{id}/round-trip", { params: { path: { id } }, headers }),
      ) as Promise<RoundTrip | null>,
    onSuccess: (trip, id) => client.setQueryData(keys.channels.roundTrip(id), trip),
  });
}

export const confirmationQuery = (id: number) =>
  queryOptions({
    queryKey: keys.channels.confirmation(id),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/channels/{id}/confirmation", { signal, params: { path: { id } } }),
      ) as Promise<Confirmation | null>,
    refetchInterval: soon,
  });

export const senderCheckQuery = (id: number) =>
  queryOptions({
    queryKey: keys.channels.senderCheck(id),
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/channels/{id}/sender-check", { signal, params: { path: { id } } })),
    staleTime: 0,
    retry: false,
  });
