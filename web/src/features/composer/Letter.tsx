import { lazy, Suspense, useCallback, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment, Message } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { fileSize } from "@/lib/sizes";
import { Button } from "@/ui/Button";
import { Attachments } from "./Attachments";
import type { ComposerProps, Writing } from "./Composer";
import { Editor, type Tiptap } from "./Editor";
import { Frame } from "./Frame";
import { Heads, type HeadsHandle } from "./Heads";
import { HeldBanner } from "./HeldBanner";
import { Asking, Newcomers } from "./LetterBanners";
import { type Content, imageAddress, isBlank, listed } from "./model/content";
import type { AnswerMode } from "./model/mode";
import { typedName } from "./model/typed";
import { attachmentLimit } from "./model/upload";
import { remove, useLeftEmpty } from "./model/use-left-empty";
import { useLetter } from "./model/use-letter";
import type { LetterField } from "./model/use-send";
import { useUploads } from "./model/use-uploads";
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
      toolbar={<Toolbar editor={editor} onFiles={take} />}
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
          plain={false}
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

/** Files that are chosen, dropped or pasted; pictures stand in the text where it is written. */
function useFiles(writing: Writing, editor: Tiptap | undefined) {
  const { t } = useTranslation("composer");
  const { uploads, send, refuse, remove: cancel } = useUploads();
  const { latest, change } = writing;
  const take = useCallback(
    (files: File[]) => {
      let total = (latest.current?.files ?? []).reduce((sum, file) => sum + file.size, 0);
      for (const file of files) {
        total += file.size;
        if (total > attachmentLimit) {
          total -= file.size;
          refuse(file, t("files.tooLarge", { limit: fileSize(attachmentLimit) }));
          continue;
        }
        void send(file).then((sent) => {
          if (sent) put(sent);
        });
      }
      function put(sent: Attachment): void {
        const inline =
          /^image\/(png|jpeg|gif|webp)$/.test(sent.content_type) && editor !== undefined;
        change({ files: [...(latest.current?.files ?? []), { ...sent, inline }] });
        if (!inline) return;
        editor
          .chain()
          .focus()
          .setImage({ src: imageAddress(sent.id), alt: sent.filename })
          .run();
      }
    },
    [latest, change, send, refuse, editor, t],
  );
  return { uploads, take, cancel };
}

/** Which lines stand besides To: those that hold something, and those that were asked for. */
function useShown(content: Content, first: boolean, heads: React.RefObject<HeadsHandle | null>) {
  const [asked, setAsked] = useState<ReadonlySet<LetterField>>(new Set());
  const shown = new Set<LetterField>(asked);
  if (content.cc.length > 0) shown.add("cc");
  if (content.bcc.length > 0) shown.add("bcc");
  if (first || content.mode === "forward") shown.add("subject");
  const show = (field: LetterField) => {
    setAsked(new Set([...asked, field]));
    requestAnimationFrame(() => heads.current?.focus(field));
  };
  return { shown, show };
}

interface LineProps {
  shown: ReadonlySet<LetterField>;
  onShow: (field: LetterField) => void;
}

function LineButtons({ shown, onShow }: LineProps) {
  const { t } = useTranslation("composer");
  const lines = [
    { field: "cc", label: t("to.addCc"), text: t("to.cc") },
    { field: "bcc", label: t("to.addBcc"), text: t("to.bcc") },
    { field: "subject", label: t("subject.show"), text: t("subject.label") },
  ] as const;
  return lines
    .filter(({ field }) => !shown.has(field))
    .map(({ field, label, text }) => (
      <Button
        key={field}
        look="ghost"
        size="small"
        aria-label={label}
        onClick={() => onShow(field)}
      >
        {text}
      </Button>
    ));
}
