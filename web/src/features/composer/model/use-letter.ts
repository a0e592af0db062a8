import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUndoSeconds } from "@/api/me";
import type { ApiProblem } from "@/api/problem";
import type { Conversation, Message, NewerItem, Person } from "@/api/types";
import type { HeadsHandle } from "../Heads";
import type { SendOptions } from "../SendButtons";
import { type Content, isBlank, sentFiles } from "./content";
import type { DraftKeeper } from "./draft-keeper";
import {
  type Faults,
  faultless,
  faultsOf,
  type Letter,
  type RecipientField,
  useSendMessage,
} from "./use-send";
import type { Upload } from "./use-uploads";

interface Facts {
  conversation: Conversation;
  content: Content;
  keeper: DraftKeeper;
  heads: RefObject<HeadsHandle | null>;
  uploads: readonly Upload[];
  focusText: () => void;
  onSent: (message: Message, options: SendOptions) => void;
}

/**
 * Sending: what is not complete yet is asked for, and what the server refuses
 * is said where it is about. The text goes only once the server has it.
 */
export function useLetter(facts: Facts) {
  const { conversation, content, keeper, heads, uploads, focusText, onSent } = facts;
  const { t } = useTranslation("composer");
  const send = useSendMessage(conversation.id);
  const undoSeconds = useUndoSeconds();
  const [faults, setFaults] = useState<Faults>(faultless);
  const [held, setHeld] = useState<readonly NewerItem[] | null>(null);
  /** Asked once whether it shall go without a subject; then it may. */
  const [asked, setAsked] = useState(false);
  const heldOptions = useRef<SendOptions>({});
  /** What the writer has seen: the conversation as it stood when the writing began. */
  const seen = useRef(conversation.last_seq);

  /** The first thing that is missing, after bringing the writer to it. */
  function missing(people: Record<RecipientField, Person[]>): Faults | undefined {
    const whole = (text: string): Faults => ({ fields: {}, whole: text });
    if (people.to.length + people.cc.length + people.bcc.length === 0) {
      heads.current?.focus("to");
      return { fields: { to: t("to.none") }, whole: undefined };
    }
    if (uploads.some((one) => one.error)) return whole(t("files.failed"));
    if (uploads.length > 0) return whole(t("files.busy"));
    if (isBlank(content) && content.mode !== "forward") {
      focusText();
      return whole(t("empty"));
    }
    return undefined;
  }

  async function submit(options: SendOptions): Promise<void> {
    if (send.isPending) return;
    const people = heads.current?.commit();
    if (!people) return;
    const fault = missing(people);
    setFaults(fault ?? faultless);
    if (fault) return;
    if (conversation.draft && !content.subject.trim() && !asked) {
      setAsked(true);
      heads.current?.focus("subject");
      return;
    }
    setHeld(null);
    await keeper.hold();
    const letter = letterOf({ ...content, ...people }, seen.current, options);
    send.mutate(
      { ...letter, undo_seconds: undoSeconds },
      {
        onSuccess: (message) => {
          keeper.sent();
          onSent(message, options);
        },
        onError: (problem) => refused(problem, options),
      },
    );
  }

  function refused(problem: ApiProblem, options: SendOptions): void {
    keeper.save(content);
    if (problem.key === "conversation.newer") {
      heldOptions.current = options;
      setHeld((problem.body.newer as NewerItem[] | undefined) ?? []);
    } else setFaults(faultsOf(problem));
  }

  return {
    submit,
    busy: send.isPending,
    faults,
    held,
    asking: asked && conversation.draft && !content.subject.trim(),
    /** Sends although something newer has arrived. */
    anyway: () => void submit({ ...heldOptions.current, force: true }),
    /** The newer has been seen now; the text is changed to fit it. */
    keepWriting: () => {
      seen.current = conversation.last_seq;
      setHeld(null);
      focusText();
    },
  };
}

function letterOf(content: Content, seen: number, options: SendOptions): Letter {
  const { mode, html, to, cc, bcc } = content;
  const subject = content.subject.trim();
  const files = sentFiles(content);
  return {
    kind: mode === "forward" ? "forward" : "reply",
    html,
    to,
    cc,
    bcc,
    attachment_ids: files,
    seen_seq: seen,
    ...(subject ? { subject } : {}),
    ...options,
  };
}
