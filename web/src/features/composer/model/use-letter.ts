import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "@/api/problem";
import type { Conversation, Message, Person, TimelineItem } from "@/api/types";
import type { HeadsHandle } from "../Heads";
import type { SendOptions } from "../SendButtons";
import { promised } from "./attached";
import { type Content, isBlank, sentFiles } from "./content";
import type { DraftKeeper } from "./draft-keeper";
import { carried } from "./forward";
import { hasChips } from "./merge";
import { usePost } from "./use-post";
import { type Faults, faultless, faultsOf, type Letter, type RecipientField } from "./use-send";
import type { Upload } from "./use-uploads";

/** What may have been forgotten: whoever is asked once and says so sends without it. */
export interface Question {
  about: "subject" | "file" | "merge";
  /** The word that promises a file. */
  word?: string;
  /** The merge fields for which nothing is known. */
  fields?: readonly string[];
}

interface Facts {
  conversation: Conversation;
  items: readonly TimelineItem[];
  content: Content;
  /** Whether there is a signature, and the letter ends with it. */
  signature: boolean | undefined;
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
  const { items, signature } = facts;
  const { t } = useTranslation("composer");
  const [faults, setFaults] = useState<Faults>(faultless);
  const [question, setQuestion] = useState<Question | null>(null);
  /** What was answered with “anyway” is not asked again. */
  const answered = useRef(new Set<Question["about"]>());
  const heldOptions = useRef<SendOptions>({});
  const { post, busy, held, keepWriting } = usePost({
    ...{ conversation, content, keeper, focusText, onSent },
    onRefused: (problem) => {
      const unresolved = unresolvedIn(problem);
      if (unresolved) setQuestion(unresolved);
      else setFaults(faultsOf(problem));
    },
  });

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

  /** What to ask before it goes; the first that comes to mind. */
  function doubt(): Question | undefined {
    if (conversation.draft && !content.subject.trim() && !answered.current.has("subject")) {
      return { about: "subject" };
    }
    const along = content.mode === "forward" && carried(items, content.forward).files.length > 0;
    const word = along || answered.current.has("file") ? undefined : promised(content);
    return word === undefined ? undefined : { about: "file", word };
  }

  async function submit(options: SendOptions): Promise<void> {
    if (busy) return;
    const people = heads.current?.commit();
    if (!people) return;
    const fault = missing(people);
    setFaults(fault ?? faultless);
    if (fault) return;
    heldOptions.current = options;
    const asked = doubt();
    setQuestion(asked ?? null);
    if (asked?.about === "subject") heads.current?.focus("subject");
    if (!asked) await post(letterWith(people), options);
  }

  function letterWith(people: Record<RecipientField, Person[]>): Letter {
    return {
      ...letterOf({ ...content, ...people }),
      ...(signature === undefined ? {} : { signature }),
      ...(answered.current.has("merge") ? { merge_empty: true } : {}),
    };
  }

  return {
    submit,
    busy,
    faults,
    held,
    question: question && stands(question, content) ? question : null,
    /** Sends without what was asked about. */
    without: () => {
      if (question) answered.current.add(question.about);
      setQuestion(null);
      void submit(heldOptions.current);
    },
    /** Back to writing: it is asked again when it is sent again. */
    goBack: () => {
      setQuestion(null);
      if (question?.about === "subject") heads.current?.focus("subject");
      else focusText();
    },
    /** Sends although something newer has arrived. */
    anyway: () => void submit({ ...heldOptions.current, force: true }),
    keepWriting,
  };
}

/** A question is over once its matter is: the subject is there, the word is gone. */
function stands({ about }: Question, content: Content): boolean {
  if (about === "subject") return content.subject.trim() === "";
  return about === "merge" ? hasChips(content.html) : promised(content) !== undefined;
}

/** Fields of which nothing is known: whether it may leave without them. */
export function unresolvedIn({ key, body }: ApiProblem): Question | undefined {
  if (key !== "merge.unresolved") return undefined;
  return { about: "merge", fields: (body.unresolved as string[] | undefined) ?? [] };
}

function letterOf(content: Content): Letter {
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
    ...(subject ? { subject } : {}),
    ...(hasChips(html) ? { merge: true } : {}),
    ...(mode === "forward" && content.forward ? { forward: content.forward } : {}),
    ...(mode !== "forward" && content.answers_id ? { answers_id: content.answers_id } : {}),
  };
}
