import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, call } from "@/api/client";
import { signatureQuery } from "@/api/content";
import { channelsQuery } from "@/api/nouns";
import type { Conversation, Message, TimelineItem } from "@/api/types";
import { begin, blank, type Content, isBegun, rewritten } from "./content";
import { draftsQuery } from "./drafts-query";
import { type ComposerMode, slotOf } from "./mode";
import { key } from "./people";
import { useDraft } from "./use-draft";

interface Facts {
  conversation: Conversation;
  items: readonly TimelineItem[] | undefined;
  mode: ComposerMode;
  /** A message that did not leave and is written anew. */
  rewrite: number | undefined;
  /** The message that is answered or forwarded, where one was chosen. */
  about: number | undefined;
  onMode: (mode: ComposerMode) => void;
}

/** What is written, from the draft that was kept or from the beginning, and kept from then on. */
export function useComposer({ conversation, items, mode, rewrite, about, onMode }: Facts) {
  const slot = slotOf(mode);
  // Of a new conversation the recipients count, too: they were chosen for it.
  const draft = useDraft(conversation.id, slot, (kept) => conversation.draft || isBegun(kept));
  const { keeper } = draft;
  const [content, setContent] = useState<Content | null>(null);
  // Once writing has begun the keeper knows better than the server.
  const stored = useQuery({ ...draftsQuery(conversation.id), enabled: content === null });
  const channels = useQuery(channelsQuery);
  const latest = useRef<Content | null>(null);
  /** The chosen message that the letter already answers. */
  const taken = useRef<number>(undefined);
  /** Counts how often the text was put there from outside, so that the editor takes it over. */
  const [generation, setGeneration] = useState(0);
  // With the letter, not a moment after it: what stands below would jump.
  const signs = slot === "reply" && conversation.channel_type === "email";
  const signed = useQuery({ ...signatureQuery(conversation.id), enabled: signs });
  const known =
    stored.isFetched && channels.isFetched && items !== undefined && (!signs || signed.isFetched);

  const show = useCallback((next: Content) => {
    latest.current = next;
    setContent(next);
  }, []);

  const fresh = useCallback(
    (to: ComposerMode, answered?: number): Content =>
      to === "note"
        ? blank
        : begin(to, {
            conversation,
            items: items ?? [],
            own: own(channels.data),
            about: answered,
          }),
    [conversation, items, channels.data],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins once, when all that it needs is there
  useEffect(() => {
    if (!known || latest.current) return;
    const kept = keeper.load(stored.data?.items.find((item) => item.mode === slot));
    if (!rewrite) {
      taken.current = about;
      const begun = fresh(mode, about);
      show(kept && about ? turned(kept, begun) : (kept ?? begun));
      if (kept && !about && mode !== "note" && kept.mode !== mode) onMode(kept.mode);
      return;
    }
    void messageOf(rewrite, items).then((again) => {
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
  const asked = useRef(mode);
  useEffect(() => {
    // A draft that is written in another way than was asked for says so itself.
    if (asked.current === mode) return;
    asked.current = mode;
    if (mode === "note" || !latest.current || latest.current.mode === mode) return;
    change(heads(fresh(mode, latest.current.answers_id)));
  }, [mode, fresh, change]);

  /** Answers another message; undefined: what the contact wrote last. The text stays. */
  const answer = useCallback(
    (message: number | undefined) => change(turned(latest.current ?? blank, fresh(mode, message))),
    [change, fresh, mode],
  );

  // Another message is chosen while the composer is open.
  useEffect(() => {
    if (!about || !latest.current || taken.current === about) return;
    taken.current = about;
    answer(about);
  }, [about, answer]);

  const replace = useCallback(
    (next: Content) => {
      show(next);
      keeper.save(next);
      setGeneration((count) => count + 1);
    },
    [keeper, show],
  );

  return { ...draft, content, latest, change, answer, replace, generation };
}

/** A letter that concerns another message now. Whom a forward goes to is the writer's, whatever goes along. */
function turned(letter: Content, begun: Content): Content {
  const next = { ...letter, ...heads(begun) };
  if (letter.mode !== "forward" || begun.mode !== "forward") return next;
  return { ...next, to: letter.to, cc: letter.cc };
}

/** What depends on the message that is answered; all else is the writer's. */
function heads({ mode, to, cc, subject, forward, answers_id }: Content): Partial<Content> {
  return { mode, to, cc, subject, forward, answers_id };
}

async function messageOf(id: number, items: readonly TimelineItem[]): Promise<Content> {
  const answer = call(api.GET("/api/v1/messages/{id}", { params: { path: { id } } }));
  return rewritten((await answer) as Message, items);
}

function own(channels: readonly { address: string; forward_address: string }[] = []): string[] {
  return channels
    .flatMap(({ address, forward_address }) => [address, forward_address])
    .filter(Boolean)
    .map((email) => key({ email }));
}
