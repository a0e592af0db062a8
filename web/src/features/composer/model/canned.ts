import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { Editor } from "@tiptap/react";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { cannedQuery } from "@/api/content";
import { keys } from "@/api/keys";
import type { components } from "@/api/schema";
import type { CannedMessage } from "@/api/types";
import { useRested } from "@/lib/rested";

export type CannedUse = components["schemas"]["CannedUse"];

/** What matches a search, most used first where nothing is searched for. */
export function useCannedSearch(text: string) {
  const q = useRested(text.trim(), 100);
  const found = useInfiniteQuery(cannedQuery({ q }));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return { items, q, error: found.data ? null : found.error, ready: found.data !== undefined };
}

/** Takes a copy of one to write with: its files are uploads of our own then. */
export function useCanned(conversation: number) {
  const client = useQueryClient();
  return useAction<CannedUse, CannedMessage>({
    run: ({ id }, headers) =>
      call(
        api.POST("/api/v1/canned-messages/{id}/use", {
          params: { path: { id } },
          headers,
          body: { conversation_id: conversation },
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.canned.all }),
  });
}

/** Puts it where the cursor is. An empty line is written over: none is left above. */
export function insertCanned(editor: Editor, html: string): void {
  editor.chain().focus().insertContent(html).run();
}
