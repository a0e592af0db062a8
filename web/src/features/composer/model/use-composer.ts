import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, call } from "@/api/client";
import { signatureQuery } from "@/api/content";
import { channelsQuery } from "@/api/nouns";
import type { Conversation, Message, TimelineItem } from "@/api/types";
import { begin, blank, type Content, isBlank, rewritten } from "./content";
import { draftsQuery } from "./drafts-query";
import { carrying } from "./forward";
import { type ComposerMode, slotOf } from "./mode";
import { key } from "./people";
import { useDraft } from "./use-draft";

interface Facts {
  conversation: Conversation;
  items: readonly TimelineItem[] | undefined;
  mode: ComposerMode;
  /** A message that did not leave and is written anew. */
  rewrite: number | undefined;
  /** The message that is forwarded, where one was chosen. */
  about: number | undefined;
  onMode: (mode: ComposerMode) => void;
}

/** What is written, from the draft that was kept or from the beginning, and kept from then on. */
export function useComposer({ conversation, items, mode, rewrite, about, onMode }: Facts) {
  const slot = slotOf(mode);
  // Of a new conversation the recipients count, too: they were chosen for it.
  const draft = useDraft(conversation.id, slot, (kept) => conversation.draft || !isBlank(kept));
  const { keeper } = draft;
  const [content, setContent] = useState<Content | null>(null);
  // Once writing has begun the keeper knows better than the server.
  const stored = useQuery({ ...draftsQuery(conversation.id), enabled: content === null });
  const channels = useQuery(channelsQuery);
  const latest = useRef<Content | null>(null);
  /** Counts how often the text was put there from outside, so that the editor takes it over. */
  const [generation, setGeneration] = useState(0);
  // With the letter, not a moment after it: what stands below would jump.
  const signed = useQuery({ ...signatureQuery(conversation.id), enabled: slot === "reply" });
  const known =
    stored.isFetched &&
    channels.isFetched &&
    items !== undefined &&
    (slot === "note" || signed.isFetched);

  const show = useCallback((next: Content) => {
    latest.current = next;
    setContent(next);
  }, []);

  const fresh = useCallback(
    (to: ComposerMode): Content =>
      to === "note"
        ? blank
        : begin(to, { conversation, items: items ?? [], own: own(channels.data), about }),
    [conversation, items, channels.data, about],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins once, when all that it needs is there
  useEffect(() => {
    if (!known || latest.current) return;
    const kept = keeper.load(stored.data?.items.find((item) => item.mode === slot));
    if (!rewrite) {
      const chosen = about && kept?.mode === "forward" && mode === "forward";
      show(chosen ? { ...kept, forward: carrying(items, about) } : (kept ?? fresh(mode)));
      if (kept && mode !== "note" && kept.mode !== mode) onMode(kept.mode);
      return;
    }
    void messageOf(rewrite).then((again) => {
      if (kept && kept.html !== again.html) keeper.settle(kept);
      show(again);
      keeper.save(again);
      if (again.mode !== mode) onMode(again.mode);
    });
  }, [known]);

  const change = useCallback(
    (fields: Partial<Content>) => {
      const next = { ...(latest.current ?? blank), ...fields };
      show(next);
      keeper.save(next);
    },
    [keeper, show],
  );

  // Another way of answering has other recipients and another subject; the text stays.
  useEffect(() => {
    if (mode === "note" || !latest.current || latest.current.mode === mode) return;
    const { to, cc, subject, forward } = fresh(mode);
    change({ mode, to, cc, subject, forward });
  }, [mode, fresh, change]);

  // Another message is chosen to be forwarded.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it is chosen
  useEffect(() => {
    if (about && latest.current && mode === "forward") {
      change({ forward: carrying(items ?? [], about) });
    }
  }, [about, mode]);

  const replace = useCallback(
    (next: Content) => {
      show(next);
      keeper.save(next);
      setGeneration((count) => count + 1);
    },
    [keeper, show],
  );

  return { ...draft, content, latest, change, replace, generation };
}

async function messageOf(id: number): Promise<Content> {
  const answer = call(api.GET("/api/v1/messages/{id}", { params: { path: { id } } }));
  return rewritten((await answer) as Message);
}

function own(channels: readonly { address: string; forward_address: string }[] = []): string[] {
  return channels
    .flatMap(({ address, forward_address }) => [address, forward_address])
    .filter(Boolean)
    .map((email) => key({ email }));
}
