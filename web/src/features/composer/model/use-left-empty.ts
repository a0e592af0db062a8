import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Conversation } from "@/api/types";
import { type Content, isBlank } from "./content";

/** Composers that are open, by conversation: React may take one away and put it back at once. */
const open = new Map<number, number>();

/** Takes a new conversation away that is left before anything was written in it. */
export function useLeftEmpty(
  { id, draft }: Conversation,
  content: RefObject<Content | null>,
): { keep: () => void } {
  const client = useQueryClient();
  const kept = useRef(false);
  useEffect(() => {
    if (!draft) return;
    open.set(id, (open.get(id) ?? 0) + 1);
    return () => {
      open.set(id, (open.get(id) ?? 1) - 1);
      setTimeout(() => {
        if (kept.current || open.get(id) !== 0) return;
        const left = content.current;
        if (!left || !isBlank(left) || left.subject.trim() !== "") return;
        open.delete(id);
        void remove(id).then(
          () => client.removeQueries({ queryKey: keys.conversations.one(id) }),
          () => undefined,
        );
      });
    };
  }, [id, draft, content, client]);
  return {
    keep: () => {
      kept.current = true;
    },
  };
}

/** Forgets a new conversation in which nothing was sent, with its draft. */
export async function remove(id: number): Promise<void> {
  const params = { path: { id } };
  await call(
    api.DELETE("/api/v1/conversations/{id}/draft", {
      params: { path: { id }, query: { mode: "reply" } },
    }),
  ).catch(() => undefined);
  await call(api.DELETE("/api/v1/conversations/{id}", { params }));
}
