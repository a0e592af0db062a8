import { useTranslation } from "react-i18next";
import type { Conversation, TimelineItem } from "@/api/types";
import { Letter } from "./Letter";
import { AnswerIn } from "./model/answer-in";
import { type ComposerMode, slotOf } from "./model/mode";
import { typedName } from "./model/typed";
import { useComposer } from "./model/use-composer";
import { Note } from "./Note";
import { StandIn } from "./StandIn";
import { TextLetter } from "./sms/TextLetter";

/** Earlier messages that are not loaded yet. */
export interface Older {
  busy: boolean;
  load: () => void;
}

export interface ComposerProps {
  conversation: Conversation;
  /** The timeline, from which an answer takes whom it goes to; undefined while it loads. */
  items: readonly TimelineItem[] | undefined;
  /** The way to what came before, where not all of the timeline is loaded. */
  older?: Older | undefined;
  mode: ComposerMode;
  /** A message that did not leave, to be written anew. */
  rewrite?: number | undefined;
  /** The message that is answered or forwarded, where one was chosen. */
  about?: number | undefined;
  /** False where only notes may be written. */
  canSend: boolean;
  onMode: (mode: ComposerMode) => void;
  onClose: () => void;
  /** What was sent or added, for the timeline to show at once. */
  onDone: (item: TimelineItem, closed: boolean) => void;
  /** A new conversation was thrown away before anything was sent. */
  onDiscarded: () => void;
  /** Back to a new conversation that was left half written. */
  onReopen: (id: number) => void;
}

/** The one place where things are written: a letter that leaves, or a note that stays. */
export function Composer(props: ComposerProps) {
  const { conversation, mode } = props;
  return (
    <AnswerIn value={conversation.id}>
      <Slotted key={`${conversation.id} ${slotOf(mode)}`} {...props} />
    </AnswerIn>
  );
}

export type Writing = ReturnType<typeof useComposer>;

function Slotted(props: ComposerProps) {
  const { conversation, items, mode, rewrite, about, onMode } = props;
  const writing = useComposer({ conversation, items, mode, rewrite, about, onMode });
  const { t } = useTranslation("composer");
  const { content } = writing;
  if (!content) {
    const slot = slotOf(mode);
    return (
      <StandIn
        name={typedName(conversation.id, slot)}
        label={t(`text.${slot}`)}
        note={slot === "note"}
        onClose={props.onClose}
      />
    );
  }
  if (mode === "note") return <Note {...props} writing={writing} content={content} />;
  if (conversation.channel_type === "sms") {
    return <TextLetter {...props} writing={writing} content={content} />;
  }
  return <Letter {...props} writing={writing} content={content} mode={mode} />;
}
