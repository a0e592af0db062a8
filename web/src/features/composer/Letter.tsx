import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedMessage, Message } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { toast } from "@/ui/toast";
import { Answered } from "./Answered";
import { AtTheText } from "./AtTheText";
import { Attachments } from "./Attachments";
import { Editor, type PressedChip, type Tiptap } from "./Editor";
import { Frame } from "./Frame";
import { Heads, type HeadsHandle } from "./Heads";
import { Doubts, Newcomers } from "./LetterBanners";
import { CannedTool, EmojiTool, FieldTool } from "./LetterTools";
import { LineButtons, useShown } from "./Lines";
import { useKnownFields } from "./merge/use-known-fields";
import { insertCanned, useCanned } from "./model/canned";
import { type Content, listed } from "./model/content";
import { hasChips } from "./model/merge";
import type { AnswerMode } from "./model/mode";
import { typedName } from "./model/typed";
import { useFiles } from "./model/use-files";
import { useLeftEmpty } from "./model/use-left-empty";
import { useLetter } from "./model/use-letter";
import type { LetterField } from "./model/use-send";
import { useSuggest } from "./model/use-suggest";
import type { ComposerProps, Writing } from "./model/writing";
import { OtherDraft } from "./OtherDraft";
import { SendButtons, type SendOptions } from "./SendButtons";
import { SignatureBlock, useSignature } from "./SignatureBlock";
import { Toolbar } from "./Toolbar";
import { useDiscardNew } from "./use-discard-new";

const ForwardPart = lazy(() =>
  import("./ForwardPart").then((file) => ({ default: file.ForwardPart })),
);
const Preview = lazy(() => import("./Preview").then((file) => ({ default: file.Preview })));
const ScheduleDialog = lazy(() =>
  import("./schedule/ScheduleDialog").then((file) => ({ default: file.ScheduleDialog })),
);

type Props = ComposerProps & { writing: Writing; content: Content; mode: AnswerMode };

/** What leaves the house: a reply, an answer to all, a forward, the first message of a conversation. */
export function Letter(props: Props) {
  const { conversation, mode, canSend, onMode, onClose, onDone, writing, content } = props;
  const items = props.items ?? [];
  const { t } = useTranslation("composer");
  const [editor, setEditor] = useState<Tiptap>();
  const [dialog, setDialog] = useState<"schedule" | "preview">();
  const [chip, setChip] = useState<PressedChip | null>(null);
  const heads = useRef<HeadsHandle>(null);
  const { keeper, change, generation } = writing;
  const leaving = useLeftEmpty(conversation, writing.latest, props.onReopen);
  const { uploads, take, cancel } = useFiles(writing, editor);
  const { shown, show } = useShown(content, conversation.draft, heads);
  const signature = useSignature(conversation, content.signature);
  const suggest = useSuggest();
  useKnownFields(editor, hasChips(content.html));
  const canned = useCannedUse(props, editor);
  const letter = useLetter({
    conversation,
    items,
    content,
    signature: signature.html ? signature.shown : undefined,
    keeper,
    heads,
    uploads,
    focusText: () => editor?.commands.focus(),
    onSent: (message: Message, options: SendOptions) => {
      leaving.keep();
      onDone({ ...message, kind: "message" }, options.close === true);
    },
  });
  const send = (options: SendOptions) => void letter.submit(options);
  const closed = conversation.status === "closed";
  useHotkey("send", () => send({}));
  useHotkey("send_close", () => send(closed ? {} : { close: true }));
  useHotkey("schedule", () => setDialog("schedule"));
  useHotkey("preview", () => setDialog("preview"));
  useHotkey("signature", () => change({ signature: !signature.shown }), signature.html !== "");
  const onChange = useCallback((html: string) => change({ html }), [change]);
  // Decided once: who fills in a line is not taken to the next.
  const [begins] = useState(() => firstField(content, conversation.draft));
  useLayoutEffect(() => {
    if (begins) heads.current?.focus(begins);
  }, [begins]);
  const discard = useDiscardNew(props, leaving);
  const shut = () => setDialog(undefined);

  return (
    <Frame
      label={t("label.reply")}
      {...{ conversation, mode, canSend, onMode, onClose, writing, content }}
      {...(conversation.draft ? { onDiscard: discard.ask } : {})}
      onFiles={take}
      head={<LineButtons shown={shown} onShow={show} />}
      fault={letter.faults.whole}
      banner={
        <>
          <Doubts conversation={conversation} of={letter} />
          <OtherDraft writing={writing} content={content} />
        </>
      }
      toolbar={
        <Toolbar editor={editor} onFiles={take}>
          <CannedTool onPick={canned.put} />
          <FieldTool editor={editor} history />
          <EmojiTool editor={editor} />
        </Toolbar>
      }
      buttons={
        <SendButtons
          closed={closed}
          first={conversation.draft}
          busy={letter.busy}
          onSend={send}
          onSchedule={() => setDialog("schedule")}
          onPreview={() => setDialog("preview")}
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
        {mode === "forward" ? (
          <Suspense fallback={<div className="mx-4 mt-3 h-9 rounded-lg bg-surface-2" />}>
            <ForwardPart items={items} older={props.older} content={content} onChange={change} />
          </Suspense>
        ) : (
          <>
            <Answered items={items} content={content} editor={editor} onNewest={writing.answer} />
            <Newcomers items={items} content={content} onChange={change} />
          </>
        )}
        <Editor
          key={generation}
          name={typedName(conversation.id, "reply")}
          label={t("text.reply")}
          placeholder={t("placeholder.reply")}
          initial={content.html}
          focus={begins === undefined}
          note={false}
          host={suggest.host}
          onChange={onChange}
          onFiles={take}
          onReady={setEditor}
          onChip={setChip}
        />
        <SignatureBlock conversation={conversation} content={content} onChange={change} />
        <Attachments
          files={listed(content)}
          uploads={uploads}
          onRemove={({ id }) => change({ files: content.files.filter((file) => file.id !== id) })}
          onCancel={cancel}
        />
      </div>
      <AtTheText {...{ editor, suggest, chip }} onPick={canned.put} onChip={setChip} />
      <Suspense fallback={null}>
        {dialog === "schedule" ? (
          <ScheduleDialog
            onClose={shut}
            onChoose={(at) => {
              shut();
              send({ send_at: at });
            }}
          />
        ) : null}
        {dialog === "preview" ? (
          <Preview
            conversation={conversation}
            content={content}
            signature={signature.shown}
            onClose={shut}
          />
        ) : null}
      </Suspense>
      {discard.dialog}
    </Frame>
  );
}

/** The field above the text in which writing begins; undefined where it is the text. */
function firstField(content: Content, first: boolean): LetterField | undefined {
  if (content.to.length === 0) return "to";
  return first && content.subject === "" ? "subject" : undefined;
}

/** Puts a canned message into the letter: its text, its files, and its subject where there is none yet. */
function useCannedUse({ conversation, writing }: Props, editor: Tiptap | undefined) {
  const { t } = useTranslation("composer");
  const use = useCanned(conversation.id);
  const { latest, change } = writing;
  const put = (one: CannedMessage, range?: { from: number; to: number }) => {
    // What asked for it goes at once; the text comes as soon as it is there.
    if (range && editor) editor.chain().focus().deleteRange(range).run();
    use.mutate(one, {
      onSuccess: ({ html, subject, attachments }) => {
        if (editor) insertCanned(editor, html);
        const written = latest.current;
        change({
          files: [...(written?.files ?? []), ...attachments],
          ...(subject && !written?.subject.trim() ? { subject } : {}),
        });
      },
      onError: ({ message }) => toast(t("canned.unused", { why: message }), { tone: "danger" }),
    });
  };
  return { put };
}
