import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { api, call } from "@/api/client";
import type { Draft } from "@/api/types";
import { removeStored, writeStored } from "@/lib/storage";
import type { Content } from "./content";
import { DraftKeeper, type Kept } from "./draft-keeper";
import { addSaver, draftsQuery, keptHere, nameOf } from "./drafts-query";
import type { Slot } from "./mode";

/** Puts a draft back that was thrown away: the composer goes on with it when it next opens. */
export function keepHere(conversation: number, slot: Slot, content: Content): void {
  const kept: Kept = { content, base: 0 };
  writeStored(nameOf(conversation, slot), kept);
}

/** The draft of a conversation, saved as long as the composer is open and once more when it closes. */
export function useDraft(conversation: number, slot: Slot, worth: (content: Content) => boolean) {
  const client = useQueryClient();
  const [keeper] = useState(() => keeperOf(client, conversation, slot, worth));
  const state = useSyncExternalStore(keeper.subscribe, () => keeper.state);
  const other = useSyncExternalStore(keeper.subscribe, () => keeper.other);
  useEffect(() => {
    const save = () => void keeper.flush();
    const drop = addSaver(conversation, () => keeper.flush());
    window.addEventListener("pagehide", save);
    window.addEventListener("online", save);
    return () => {
      window.removeEventListener("pagehide", save);
      window.removeEventListener("online", save);
      void keeper.flush().finally(drop);
    };
  }, [keeper, conversation]);
  return { keeper, state, other };
}

function keeperOf(
  client: QueryClient,
  conversation: number,
  slot: Slot,
  worth: (content: Content) => boolean,
): DraftKeeper {
  const path = { id: conversation };
  const name = nameOf(conversation, slot);
  const { queryKey } = draftsQuery(conversation);
  const cache = (draft: Draft | undefined) =>
    client.setQueryData(queryKey, (old) => ({
      items: [
        ...(old?.items ?? []).filter((item) => item.mode !== slot),
        ...(draft ? [draft] : []),
      ],
    }));
  return new DraftKeeper({
    put: async (content, base) => {
      const body = { mode: slot, content: { ...content }, base_version: base };
      const saved = await call(
        api.PUT("/api/v1/conversations/{id}/draft", { params: { path }, body }),
      );
      cache({ ...saved, content: body.content });
      return saved;
    },
    remove: () =>
      call(
        api.DELETE("/api/v1/conversations/{id}/draft", {
          params: { path, query: { mode: slot } },
        }),
      ),
    read: () => keptHere(conversation, slot),
    keep: (kept) => writeStored(name, kept),
    forget: () => removeStored(name),
    gone: () => cache(undefined),
    worth,
  });
}
