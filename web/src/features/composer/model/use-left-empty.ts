import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Conversation } from "@/api/types";
import { toast } from "@/ui/toast";
import { type Content, isBlank } from "./content";

/** Composers that are open, by conversation: React may take one away and put it back at once. */
const open = new Map<number, number>();

/**
 * Takes a new conversation away that is left before anything was written in
 * it. One that is left half written is kept, and the writer is told how to get
 * back to it.
 */
export function useLeftEmpty(
  { id, draft }: Conversation,
  content: RefObject<Content | null>,
  onReopen: (id: number) => void,
): { keep: () => void } {
  const client = useQueryClient();
  const { t } = useTranslation("composer");
  const kept = useRef(false);
  const latest = useRef(onReopen);
  useEffect(() => {
    latest.current = onReopen;
  });
  useEffect(() => {
    if (!draft) return;
    open.set(id, (open.get(id) ?? 0) + 1);
    return () => {
      open.set(id, (open.get(id) ?? 1) - 1);
      setTimeout(() => {
        if (kept.current || open.get(id) !== 0) return;
        open.delete(id);
        const left = content.current;
        if (!left) return;
        if (!isBlank(left) || left.subject.trim() !== "") {
          const action = { label: t("open"), run: () => latest.current(id) };
          return toast(t("kept"), { action, duration: 8000 });
        }
        void remove(id).then(
          () => client.removeQueries({ queryKey: keys.conversations.one(id) }),
          () => undefined,
        );
      });
    };
  }, [id, draft, content, client, t]);
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
