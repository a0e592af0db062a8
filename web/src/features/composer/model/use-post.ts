import { useEffect, useRef, useState } from "react";
import { useUndoSeconds } from "@/api/me";
import type { ApiProblem } from "@/api/problem";
import type { Conversation, Message, NewerItem } from "@/api/types";
import type { SendOptions } from "../SendButtons";
import { type Content, isBlank } from "./content";
import type { DraftKeeper } from "./draft-keeper";
import { type Letter, useSendMessage } from "./use-send";

interface Facts {
  conversation: Conversation;
  content: Content;
  keeper: DraftKeeper;
  focusText: () => void;
  onSent: (message: Message, options: SendOptions) => void;
  onRefused: (problem: ApiProblem) => void;
}

/**
 * Hands a letter over: the text goes only once the server has it, and what has
 * arrived that its writer has not seen holds it.
 */
export function usePost(facts: Facts) {
  const { conversation, content, keeper, focusText, onSent, onRefused } = facts;
  const send = useSendMessage(conversation.id);
  const undoSeconds = useUndoSeconds();
  const [held, setHeld] = useState<readonly NewerItem[] | null>(null);
  /** What the writer has seen: the conversation as it stood before the first letter was typed. */
  const seen = useRef(conversation.last_seq);
  const blank = isBlank(content);
  useEffect(() => {
    if (blank) seen.current = conversation.last_seq;
  }, [blank, conversation.last_seq]);

  async function post(letter: Letter, options: SendOptions): Promise<void> {
    setHeld(null);
    await keeper.hold();
    const undo = options.send_at ? {} : { undo_seconds: undoSeconds };
    const body = { ...letter, seen_seq: seen.current, ...undo, ...options };
    send.mutate(body, {
      onSuccess: (message) => {
        keeper.sent();
        onSent(message, options);
      },
      onError: (problem) => {
        keeper.save(content);
        if (problem.key !== "conversation.newer") onRefused(problem);
        else setHeld((problem.body.newer as NewerItem[] | undefined) ?? []);
      },
    });
  }

  return {
    post,
    busy: send.isPending,
    held,
    /** The newer has been seen now; the text is changed to fit it. */
    keepWriting: () => {
      seen.current = conversation.last_seq;
      setHeld(null);
      focusText();
    },
  };
}
