import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, call } from "@/api/client";
import { useRested } from "@/lib/rested";
import { hasChips } from "../model/merge";
import { type Count, measure } from "./measure";
import type { Limits } from "./pictures";
import { plainText } from "./plain";
import { cheaper, type Proposal } from "./twins";

export interface Measured {
  count: Count;
  /** A way to say the same for less; only of what is written here, not of what fields hold. */
  proposal: Proposal | undefined;
  /** What a reader takes for letters: where there are pictures, they are the limit. */
  characters: number;
  /** Merge fields are not filled in yet: the count is of their names. */
  rough: boolean;
}

/** Longer than the provider takes as one text: how long it is, and how long it may be. */
export function tooLong(
  { count, characters }: Measured,
  pictures: boolean,
  limits: Limits | undefined,
): { key: "sms.tooLong" | "sms.mmsTooLong"; count: number; limit: number } | undefined {
  if (!limits) return undefined;
  const [key, length, limit] = pictures
    ? (["sms.mmsTooLong", characters, limits.characters] as const)
    : (["sms.tooLong", count.segments, limits.segments] as const);
  return length > limit ? { key, count: length, limit } : undefined;
}

/** What a text costs as it stands. What merge fields hold is asked of the server once typing rests. */
export function useMeasured(conversation: number, html: string): Measured {
  const chips = hasChips(html);
  const rested = useRested(html, 300);
  const filled = useQuery({
    queryKey: ["merge-preview", conversation, rested, false],
    queryFn: ({ signal }) =>
      call(
        api.POST("/api/v1/conversations/{id}/merge-preview", {
          signal,
          params: { path: { id: conversation } },
          body: { html: rested },
        }),
      ),
    enabled: chips && hasChips(rested),
    gcTime: 60_000,
  });
  const known = chips && rested === html ? filled.data?.text : undefined;
  return useMemo(() => {
    const text = plainText(html).trim();
    return {
      count: measure(known ?? text),
      characters: Array.from(known ?? text).length,
      proposal: chips ? undefined : cheaper(text),
      rough: chips && known === undefined,
    };
  }, [html, known, chips]);
}
