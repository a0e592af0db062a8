import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { Attachments } from "./Attachments";
import type { ComposerProps, Writing } from "./Composer";
import { Editor, type Tiptap } from "./Editor";
import { Frame } from "./Frame";
import { Heads, type HeadsHandle } from "./Heads";
import { HeldBanner } from "./HeldBanner";
import { Asking, Newcomers } from "./LetterBanners";
import { EmojiTool } from "./LetterTools";
import { LineButtons, useShown } from "./Lines";
import { type Content, isBlank, listed } from "./model/content";
import type { AnswerMode } from "./model/mode";
import { typedName } from "./model/typed";
import { useFiles } from "./model/use-files";
import { remove, useLeftEmpty } from "./model/use-left-empty";
import { useLetter } from "./model/use-letter";
import type { LetterField } from "./model/use-send";
import { OtherDraft } from "./OtherDraft";
import { SendButtons, type SendOptions } from "./SendButtons";
import { Toolbar } from "./Toolbar";

const AlertDialog = lazy(() =>
  import("@/ui/AlertDialog").then((file) => ({ default: file.AlertDialog })),
);

type Props = ComposerProps & { writing: Writing; content: Content; mode: AnswerMode };

/** What leaves the house: a reply, an answer to all, a forward, the first message of a conversation. */
export function Letter(props: Props) {
  const { conversation, items, mode, canSend, onMode, onClose, onDone, writing, content } = props;
  const { t } = useTranslation("composer");
  const [editor, setEditor] = useState<Tiptap>();
  const [discarding, setDiscarding] = useState(false);
  const heads = useRef<HeadsHandle>(null);
  const { keeper, change, generation } = writing;
  const leaving = useLeftEmpty(conversation, writing.latest, props.onReopen);
  const { uploads, take, cancel } = useFiles(writing, editor);
  const { shown, show } = useShown(content, conversation.draft, heads);
  const letter = useLetter({
    conversation,
    content,
    keeper,
    heads,
    uploads,
    focusText: () => editor?.commands.focus(),
    onSent: (message: Message, options: SendOptions) => {
      leaving.keep();
      onDone({ ...message, kind: "message" }, options.close === true);
    },
  });
  const closed = conversation.status === "closed";
  useHotkey("send", () => void letter.submit({}));
  useHotkey("send_close", () => void letter.submit(closed ? {} : { close: true }));
  const onChange = useCallback((html: string) => change({ html }), [change]);
  const begins = firstField(content, conversation.draft);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where writing begins is decided once
  useLayoutEffect(() => {
    if (begins) heads.current?.focus(begins);
  }, []);
  const discardNew = () => (isBlank(content) ? throwAway() : setDiscarding(true));
  function throwAway(): void {
    leaving.keep();
    void keeper
      .discard()
      .then(() => remove(conversation.id))
      .catch(() => undefined);
    props.onDiscarded();
  }

  return (
    <Frame
      label={t("label.reply")}
      {...{ conversation, mode, canSend, onMode, onClose, writing, content }}
      {...(conversation.draft ? { onDiscard: discardNew } : {})}
      onFiles={take}
      head={<LineButtons shown={shown} onShow={show} />}
      fault={letter.faults.whole}
      banner={
        <>
          {letter.held ? (
            <HeldBanner items={letter.held} onAnyway={letter.anyway} onKeep={letter.keepWriting} />
          ) : null}
          <OtherDraft writing={writing} content={content} />
        </>
      }
      toolbar={
        <Toolbar editor={editor} onFiles={take}>
          <EmojiTool editor={editor} />
        </Toolbar>
      }
      buttons={
        <SendButtons
          closed={closed}
          first={conversation.draft}
          busy={letter.busy}
          onSend={(options) => void letter.submit(options)}
        />
      }
    >
      <div inert={letter.busy} className="flex min-h-0 flex-1 flex-col">
        <Heads
          ref={heads}
          content={content}
          shown={shown}
          faults={letter.faults.fields}
          onChange={change}
        />
        <Asking shown={letter.asking} onSend={() => void letter.submit({})} />
        {mode === "forward" ? <p className="px-4 pt-2 text-fg-3 text-xs">{t("forwards")}</p> : null}
        {mode === "forward" ? null : (
          <Newcomers items={items ?? []} content={content} onChange={change} />
        )}
        <Editor
          key={generation}
          name={typedName(conversation.id, "reply")}
          label={t("text.reply")}
          placeholder={t("placeholder.reply")}
          initial={content.html}
          focus={begins === undefined}
          note={false}
          onChange={onChange}
          onFiles={take}
          onReady={setEditor}
        />
        <Attachments
          files={listed(content)}
          uploads={uploads}
          onRemove={({ id }) => change({ files: content.files.filter((file) => file.id !== id) })}
          onCancel={cancel}
        />
      </div>
      {discarding ? (
        <Suspense fallback={null}>
          <AlertDialog
            open
            onOpenChange={setDiscarding}
            danger
            title={t("discardNew.title")}
            text={t("discardNew.text")}
            action={t("discardNew.action")}
            onConfirm={throwAway}
          />
        </Suspense>
      ) : null}
    </Frame>
  );
}

/** The field above the text in which writing begins; undefined where it is the text. */
function firstField(content: Content, first: boolean): LetterField | undefined {
  if (content.to.length === 0) return "to";
  return first && content.subject === "" ? "subject" : undefined;
}
