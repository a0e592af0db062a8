import { queryOptions } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import { channelsQuery } from "@/api/nouns";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
/** Who carries texts, and what it needs to know. */
export type TextProvider = Schemas["TextProvider"];
export type ProviderField = Schemas["TextField"];
export type ProviderNumber = Schemas["ProviderNumber"];
type NumbersBody = Schemas["NumbersBody"];
type CheckAnswer = Schemas["CheckAnswer"];

/** The program knows them: they change with it alone. */
export const textProvidersQuery = queryOptions({
  queryKey: keys.channels.providers,
  queryFn: async ({ signal }) =>
    (await call(api.GET("/api/v1/channels/providers", { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Asks the provider with what stands in the form, saved or not. */
export function useNumbers() {
  return useAction<ProviderNumber[], NumbersBody>({
    run: async (body, headers) =>
      (await call(api.POST("/api/v1/channels/numbers", { headers, body }))).items,
  });
}

interface TestText {
  id: number;
  to: string;
  text: string;
}

export function useTestText() {
  return useAction<CheckAnswer, TestText>({
    run: ({ id, to, text }, headers) =>
      call(
        api.POST("/api/v1/channels/{id}/test-text", {
          params: { path: { id } },
          headers,
          body: { to, ...(text.trim() ? { text } : {}) },
        }),
      ),
  });
}

/** While somebody watches for the first text: what the provider makes of us is no event of ours. */
export const watchedChannelsQuery = queryOptions({ ...channelsQuery, refetchInterval: 2000 });
