import { UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Conversation, NewerItem, TimelineItem } from "@/api/types";
import { Button } from "@/ui/Button";
import { HeldBanner } from "./HeldBanner";
import { fieldLabel } from "./merge/labels";
import { type Content, newcomers } from "./model/content";
import { addPeople } from "./model/people";
import type { Question } from "./model/use-letter";

interface AskingProps {
  question: Question;
  onAnyway: () => void;
  onBack: () => void;
}

interface DoubtsProps {
  conversation: Conversation;
  of: {
    held: readonly NewerItem[] | null;
    question: Question | null;
    anyway: () => void;
    keepWriting: () => void;
    without: () => void;
    goBack: () => void;
  };
}

/** What stands against a send: something newer, or something that may have been forgotten. */
export function Doubts({ conversation, of }: DoubtsProps) {
  return (
    <>
      {of.held ? (
        <HeldBanner
          contact={conversation.contact}
          items={of.held}
          onAnyway={of.anyway}
          onKeep={of.keepWriting}
        />
      ) : null}
      {of.question ? (
        <Asking question={of.question} onAnyway={of.without} onBack={of.goBack} />
      ) : null}
    </>
  );
}

/** What may have been forgotten is asked about once, before anything leaves. */
function Asking({ question, onAnyway, onBack }: AskingProps) {
  const { t } = useTranslation("composer");
  const words = {
    subject: () => t("subject.ask"),
    file: () => t("attached.ask", { word: question.word ?? "" }),
    merge: () => t("merge.ask", { fields: (question.fields ?? []).map(fieldLabel).join(", ") }),
  }[question.about]();
  return (
    <div
      role="alert"
      className="mx-2 mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-warn-soft px-3 py-1.5 text-warn"
    >
      <span className="min-w-48 flex-1">{words}</span>
      <Button size="small" onClick={onAnyway}>
        {t(question.about === "subject" ? "subject.sendWithout" : "ask.anyway")}
      </Button>
      <Button size="small" look="ghost" onClick={onBack}>
        {t("ask.back")}
      </Button>
    </div>
  );
}

interface NewcomerProps {
  items: readonly TimelineItem[];
  content: Content;
  onChange: (fields: Partial<Content>) => void;
}

/** Who joined by themselves is not written to without having been asked for. */
export function Newcomers({ items, content, onChange }: NewcomerProps) {
  const { t } = useTranslation("composer");
  return newcomers(items, content).map((person) => (
    <div
      key={person.email}
      className="mx-2 mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-surface-2 px-3 py-1.5 text-fg-2"
    >
      <UserPlus size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {t("newcomer.text", { name: person.name || person.email })}
      </span>
      <Button size="small" onClick={() => onChange({ cc: addPeople(content.cc, [person]) })}>
        {t("newcomer.include")}
      </Button>
    </div>
  ));
}
