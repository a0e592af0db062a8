import { ImagePlus } from "lucide-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { OptedOut, Unreachable } from "@/features/contacts";
import { useHotkey } from "@/lib/hotkeys";
import { readablePhone } from "@/lib/phones";
import { AtTheText } from "../AtTheText";
import { Attachments } from "../Attachments";
import { Editor, type PressedChip, type Tiptap } from "../Editor";
import { Frame } from "../Frame";
import { Doubts } from "../LetterBanners";
import { CannedTool, EmojiTool, FieldTool } from "../LetterTools";
import { useKnownFields } from "../merge/use-known-fields";
import type { Content } from "../model/content";
import { listed } from "../model/content";
import { hasChips } from "../model/merge";
import { typedName } from "../model/typed";
import { useLeftEmpty } from "../model/use-left-empty";
import { useSuggest } from "../model/use-suggest";
import type { ComposerProps, Writing } from "../model/writing";
import { OtherDraft } from "../OtherDraft";
import { SendButtons, type SendOptions } from "../SendButtons";
import { AttachButton, ToolRow } from "../Toolbar";
import { useDiscardNew } from "../use-discard-new";
import { Counter } from "./Counter";
import { Kept } from "./Kept";
import { replacedIn } from "./plain";
import { QuietHours } from "./QuietHours";
import { useCannedText } from "./use-canned-text";
import { useMeasured } from "./use-measured";
import { usePictures } from "./use-pictures";
import { useStanding } from "./use-standing";
import { useText } from "./use-text";

const ScheduleDialog = lazy(() =>
  import("../schedule/ScheduleDialog").then((file) => ({ default: file.ScheduleDialog })),
);

type Props = ComposerProps & { writing: Writing; content: Content };

/** A text to a telephone: words, pictures, and what they cost. Locked where the number has opted out. */
export function TextLetter(props: Props) {
  const { conversation, canSend, onMode, onClose, onDone, writing, content } = props;
  const { t } = useTranslation("composer");
  const [editor, setEditor] = useState<Tiptap>();
  const [chip, setChip] = useState<PressedChip | null>(null);
  const [scheduling, setScheduling] = useState(false);
  const { keeper, change, generation } = writing;
  const leaving = useLeftEmpty(conversation, writing.latest, props.onReopen);
  const { channel, state } = useStanding(conversation);
  const pictures = usePictures(writing, channel?.limits);
  const measured = useMeasured(conversation.id, content.html);
  const suggest = useSuggest();
  useKnownFields(editor, hasChips(content.html));
  const canned = useCannedText(props, editor, channel?.limits);
  const text = useText({
    conversation,
    content,
    measured,
    limits: channel?.limits,
    keeper,
    uploads: pictures.uploads,
    focusText: () => editor?.commands.focus(),
    onSent: (message: Message, options: SendOptions) => {
      leaving.keep();
      onDone({ ...message, kind: "message" }, options.close === true);
    },
  });
  const locked = Boolean(state?.opted_out_at);
  const closed = conversation.status === "closed";
  const send = (options: SendOptions) => void text.submit(options);
  useHotkey("send", () => send({}), !locked);
  useHotkey("send_close", () => send(closed ? {} : { close: true }), !locked);
  useHotkey("schedule", () => setScheduling(true), !locked);
  const onChange = useCallback((html: string) => change({ html }), [change]);
  const discard = useDiscardNew(props, leaving);
  const frame = {
    conversation,
    mode: "reply" as const,
    canSend,
    onMode,
    onClose,
    writing,
    content,
  };
  const phone = conversation.phone ?? conversation.contact.phone;

  function replace(): void {
    const { proposal } = measured;
    if (!proposal || !editor) return;
    const html = replacedIn(editor.getHTML(), proposal.replaced);
    editor.chain().setContent(html, { emitUpdate: true }).focus("end").run();
  }

  if (state?.opted_out_at) {
    return (
      <Frame
        label={t("sms.label")}
        {...frame}
        {...(conversation.draft ? { onDiscard: discard.ask } : {})}
        fault={undefined}
        toolbar={null}
        buttons={null}
      >
        <div className="grid gap-2 px-2 pt-2">
          <Suspense fallback={<div className="h-16 rounded-lg bg-warn-soft" />}>
            <OptedOut contact={conversation.contact.id} phone={phone} at={state.opted_out_at} />
          </Suspense>
          <Kept content={content} />
        </div>
        {discard.dialog}
      </Frame>
    );
  }

  return (
    <Frame
      label={t("sms.label")}
      {...frame}
      {...(conversation.draft ? { onDiscard: discard.ask } : {})}
      onFiles={pictures.take}
      fault={text.fault}
      banner={
        <>
          <Doubts conversation={conversation} of={text} />
          <OtherDraft writing={writing} content={content} />
          {state?.unreachable_at ? (
            <div className="mx-2 mt-2">
              <Suspense fallback={null}>
                <Unreachable
                  phone={phone}
                  at={state.unreachable_at}
                  reason={state.unreachable_reason}
                />
              </Suspense>
            </div>
          ) : null}
          <QuietHours
            quiet={conversation.quiet}
            busy={text.busy}
            onSchedule={(at) => send({ send_at: at })}
          />
        </>
      }
      foot={
        <Counter
          measured={measured}
          channel={channel}
          pictures={content.files.length > 0}
          onReplace={replace}
        />
      }
      toolbar={
        <ToolRow label={t("sms.tools")}>
          {pictures.accept ? (
            <AttachButton
              label={t("sms.attach")}
              icon={<ImagePlus size={15} aria-hidden />}
              accept={pictures.accept}
              onFiles={pictures.take}
            />
          ) : null}
          <CannedTool onPick={canned.put} />
          <FieldTool editor={editor} history={false} />
          <EmojiTool editor={editor} />
        </ToolRow>
      }
      buttons={
        <SendButtons
          closed={closed}
          first={conversation.draft}
          busy={text.busy}
          onSend={send}
          onSchedule={() => setScheduling(true)}
        />
      }
    >
      <div inert={text.busy} className="flex min-h-0 flex-1 flex-col">
        <p className="truncate px-4 pt-2 text-fg-3 text-xs">
          {channel
            ? t("sms.toFrom", {
                phone: readablePhone(phone),
                channel: `${channel.name} (${readablePhone(channel.address)})`,
              })
            : t("sms.to", { phone: readablePhone(phone) })}
        </p>
        <Editor
          key={generation}
          name={typedName(conversation.id, "reply")}
          label={t("text.reply")}
          placeholder={t("sms.placeholder")}
          initial={content.html}
          focus
          note={false}
          plain
          host={suggest.host}
          onChange={onChange}
          onFiles={pictures.take}
          onReady={setEditor}
          onChip={setChip}
        />
        <Attachments
          files={listed(content)}
          uploads={pictures.uploads}
          thumbnails
          onRemove={({ id }) => change({ files: content.files.filter((file) => file.id !== id) })}
          onCancel={pictures.cancel}
        />
        {pictures.smaller.map((said) => (
          <p key={said} className="px-4 pb-1 text-fg-2 text-xs">
            {said}
          </p>
        ))}
      </div>
      <AtTheText {...{ editor, suggest, chip }} onPick={canned.put} onChip={setChip} />
      <Suspense fallback={null}>
        {scheduling ? (
          <ScheduleDialog
            onClose={() => setScheduling(false)}
            onChoose={(at) => {
              setScheduling(false);
              send({ send_at: at });
            }}
          />
        ) : null}
      </Suspense>
      {discard.dialog}
    </Frame>
  );
}
