import { StickyNote } from "lucide-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHotkey } from "@/lib/hotkeys";
import { Button } from "@/ui/Button";
import { tip } from "@/ui/Tooltip";
import { Editor, type Tiptap } from "./Editor";
import { Frame } from "./Frame";
import { EmojiTool } from "./LetterTools";
import { type Content, isBlank } from "./model/content";
import { typedName } from "./model/typed";
import { faultless, faultsOf, useAddNote } from "./model/use-send";
import { useSuggest } from "./model/use-suggest";
import type { ComposerProps, Writing } from "./model/writing";
import { OtherDraft } from "./OtherDraft";
import { Toolbar } from "./Toolbar";

const MentionMenu = lazy(() =>
  import("./MentionMenu").then((file) => ({ default: file.MentionMenu })),
);

type Props = ComposerProps & { writing: Writing; content: Content };

const ignore = () => undefined;

/** A note for the team: in another colour, to nobody, with a button of its own. */
export function Note(props: Props) {
  const { conversation, mode, canSend, onMode, onClose, onDone, writing, content } = props;
  const { t } = useTranslation("composer");
  const [editor, setEditor] = useState<Tiptap>();
  const [faults, setFaults] = useState(faultless);
  const add = useAddNote(conversation.id);
  const suggest = useSuggest();
  const { change, keeper } = writing;
  const onChange = useCallback((html: string) => change({ html }), [change]);

  async function submit(): Promise<void> {
    if (add.isPending) return;
    if (isBlank(content)) {
      setFaults({ fields: {}, whole: t("empty") });
      editor?.commands.focus();
      return;
    }
    setFaults(faultless);
    await keeper.hold();
    add.mutate(
      { html: content.html },
      {
        onSuccess: (note) => {
          void keeper.discard();
          onDone({ ...note, kind: "note" }, false);
        },
        onError: (problem) => {
          keeper.save(content);
          setFaults(faultsOf(problem));
        },
      },
    );
  }
  useHotkey("send", () => void submit());

  return (
    <Frame
      note
      label={t("label.note")}
      {...{ conversation, mode, canSend, onMode, onClose, writing, content }}
      fault={faults.whole}
      banner={<OtherDraft writing={writing} content={content} />}
      toolbar={
        <Toolbar editor={editor}>
          <EmojiTool editor={editor} />
        </Toolbar>
      }
      buttons={
        <Button
          busy={add.isPending}
          icon={<StickyNote size={14} aria-hidden />}
          {...tip(t("addNote"), { hotkey: "send", side: "top" })}
          className="border-transparent! bg-warn! text-surface! hover:opacity-90"
          onClick={() => void submit()}
        >
          {t("addNote")}
        </Button>
      }
    >
      <p className="px-4 pt-2 font-medium text-fg-2 text-xs">{t("noteOnly")}</p>
      <Editor
        key={writing.generation}
        name={typedName(conversation.id, "note")}
        label={t("text.note")}
        placeholder={t("placeholder.note")}
        initial={content.html}
        focus
        note
        host={suggest.host}
        onChange={onChange}
        onFiles={ignore}
        onReady={setEditor}
      />
      {editor && suggest.asked ? (
        <Suspense fallback={null}>
          <MentionMenu
            conversation={conversation}
            asked={suggest.asked}
            editor={editor}
            keys={suggest.keys}
          />
        </Suspense>
      ) : null}
    </Frame>
  );
}
