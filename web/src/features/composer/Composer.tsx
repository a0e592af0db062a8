import { useTranslation } from "react-i18next";
import { Letter } from "./Letter";
import { AnswerIn } from "./model/answer-in";
import { slotOf } from "./model/mode";
import { typedName } from "./model/typed";
import { useComposer } from "./model/use-composer";
import type { ComposerProps } from "./model/writing";
import { Note } from "./Note";
import { StandIn } from "./StandIn";
import { TextLetter } from "./sms/TextLetter";

/** The one place where things are written: a letter that leaves, or a note that stays. */
export function Composer(props: ComposerProps) {
  const { conversation, mode } = props;
  return (
    <AnswerIn value={conversation.id}>
      <Slotted key={`${conversation.id} ${slotOf(mode)}`} {...props} />
    </AnswerIn>
  );
}

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
