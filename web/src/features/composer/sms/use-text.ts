import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/contacts";
import type { ApiProblem } from "@/api/problem";
import type { Conversation, Message } from "@/api/types";
import { type Content, isBlank, listed } from "../model/content";
import type { DraftKeeper } from "../model/draft-keeper";
import { hasChips } from "../model/merge";
import { type Question, unresolvedIn } from "../model/use-letter";
import { usePost } from "../model/use-post";
import { faultsOf, type Letter } from "../model/use-send";
import type { Upload } from "../model/use-uploads";
import type { SendOptions } from "../SendButtons";
import type { Limits } from "./pictures";
import { plainText } from "./plain";
import { type Measured, tooLong } from "./use-measured";

interface Facts {
  conversation: Conversation;
  content: Content;
  measured: Measured;
  limits: Limits | undefined;
  keeper: DraftKeeper;
  uploads: readonly Upload[];
  focusText: () => void;
  onSent: (message: Message, options: SendOptions) => void;
}

/** Sending a text: what can't go is said before, and what the server refuses leaves the text as it is. */
export function useText(facts: Facts) {
  const { conversation, content, measured, limits, keeper, uploads, focusText, onSent } = facts;
  const { t } = useTranslation("composer");
  const client = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [question, setQuestion] = useState<Question | null>(null);
  const mergeEmpty = useRef(false);
  const asked = useRef<SendOptions>({});
  const { post, busy, held, keepWriting } = usePost({
    ...{ conversation, content, keeper, focusText, onSent },
    onRefused: refused,
  });

  function missing(): string | undefined {
    if (uploads.some((one) => one.error)) return t("files.failed");
    if (uploads.length > 0) return t("files.busy");
    if (isBlank(content)) return t("empty");
    const over = tooLong(measured, content.files.length > 0, limits);
    return over && t(over.key, over);
  }

  async function submit(options: SendOptions): Promise<void> {
    if (busy) return;
    const wrong = missing();
    setFault(wrong);
    if (wrong) return focusText();
    asked.current = options;
    setQuestion(null);
    const without = mergeEmpty.current ? { merge_empty: true } : {};
    await post({ ...textOf(content), ...without }, options);
  }

  function refused(problem: ApiProblem): void {
    const unresolved = unresolvedIn(problem);
    if (unresolved) setQuestion(unresolved);
    else if (problem.key === "contact.opted_out") {
      // Meanwhile: what is known of the number now locks the composer, and says why.
      const { queryKey } = contactQuery(conversation.contact.id);
      void client.invalidateQueries({ queryKey });
      setFault(problem.message);
    } else {
      const { fields, whole } = faultsOf(problem);
      setFault(whole ?? Object.values(fields)[0] ?? problem.message);
    }
  }

  return {
    submit,
    busy,
    fault,
    held,
    question: question && hasChips(content.html) ? question : null,
    /** Sends although a field has no value. */
    without: () => {
      mergeEmpty.current = true;
      void submit(asked.current);
    },
    goBack: () => {
      setQuestion(null);
      focusText();
    },
    /** Sends although something newer has arrived. */
    anyway: () => void submit({ ...asked.current, force: true }),
    keepWriting,
  };
}

/** Only words leave: as HTML they go where fields are to be filled in. */
function textOf(content: Content): Letter {
  const words = hasChips(content.html)
    ? { html: content.html, merge: true }
    : { text: plainText(content.html).trim() };
  return {
    kind: "reply",
    ...words,
    attachment_ids: listed(content).map(({ id }) => id),
  };
}
