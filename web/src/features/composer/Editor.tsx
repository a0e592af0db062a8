import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import Image from "@tiptap/extension-image";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Text } from "@tiptap/extension-text";
import { Underline } from "@tiptap/extension-underline";
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";
import { NodeSelection } from "@tiptap/pm/state";
import type { EditorProps } from "@tiptap/pm/view";
import { EditorContent, type Editor as Tiptap, useEditor } from "@tiptap/react";
import { memo, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Link } from "./extensions/link";
import { Mention } from "./extensions/mention";
import { MergeChip } from "./extensions/merge-chip";
import { lines, plainWriting } from "./extensions/plain";
import { Suggest, type SuggestHost } from "./extensions/suggest";
import { UnknownFields } from "./extensions/unknown-fields";
import { fieldLabel, unknownWords } from "./merge/labels";
import { handOver } from "./model/hand-over";
import { flattened } from "./sms/plain";
import "@/ui/prose.css";

export type { Editor as Tiptap } from "@tiptap/react";

/** A chip that was pressed, and where it stands in the text. */
export interface PressedChip {
  at: number;
  expression: string;
}

interface Props {
  /** Under which name what was typed before it was there is kept. */
  name: string;
  label: string;
  placeholder: string;
  initial: string;
  /** Whether writing begins here; else in a field above. */
  focus: boolean;
  /** A note has no images and no merge fields, and calls colleagues by name. */
  note: boolean;
  /** A text that goes to a telephone: words, lines and merge fields alone. */
  plain?: boolean;
  /** What is asked for by typing “/” in a letter, “@” in a note. */
  host?: SuggestHost | undefined;
  invalid?: boolean | undefined;
  describedBy?: string | undefined;
  onChange: (html: string) => void;
  /** Files that were pasted or dropped. */
  onFiles: (files: File[]) => void;
  onReady: (editor: Tiptap) => void;
  onChip?: ((chip: PressedChip) => void) | undefined;
}

/** Only images that were uploaded; those of a page that text was copied from stay there. */
const OwnImage = Image.extend({
  parseHTML: () => [{ tag: 'img[src^="/api/v1/attachments/"]' }],
});

/** What letters and notes are written with; nothing that mail programs show badly. */
const writing = [
  Document,
  Paragraph,
  Text,
  HardBreak,
  Bold,
  Italic,
  Underline,
  Strike,
  Code,
  CodeBlock,
  Blockquote,
  BulletList,
  OrderedList,
  ListItem,
  ListKeymap,
  Link,
  Dropcursor,
  Gapcursor,
  UndoRedo,
];

/** What is pasted into a text comes as words and lines. */
const pasting: Pick<EditorProps, "transformPastedHTML" | "clipboardTextParser"> = {
  transformPastedHTML: flattened,
  clipboardTextParser: (text, _, __, view) => lines(text, view.state.schema),
};

/** The rich-text field. It draws itself again for itself alone: the page around it does not. */
export const Editor = memo(function Editor(props: Props) {
  const { name, label, placeholder, initial, focus, note, host, onChange, onFiles, onReady } =
    props;
  const { invalid, describedBy, onChip, plain = false } = props;
  const handlers = useRef({ onChange, onFiles, onChip });
  useEffect(() => {
    handlers.current = { onChange, onFiles, onChip };
  });
  const extensions = useMemo(
    () => [
      ...(plain ? plainWriting : writing),
      Placeholder.configure({ placeholder }),
      ...(note
        ? [Mention]
        : [
            ...(plain ? [] : [OwnImage]),
            MergeChip.configure({ label: fieldLabel }),
            UnknownFields.configure({ words: unknownWords }),
          ]),
      ...(host ? [Suggest.configure({ sign: note ? "@" : "/", host })] : []),
    ],
    [placeholder, note, plain, host],
  );
  const editor = useEditor(
    {
      extensions,
      content: plain ? flattened(initial) : initial,
      ...(plain ? { parseOptions: { preserveWhitespace: true } } : {}),
      injectCSS: false,
      shouldRerenderOnTransaction: false,
      onUpdate: ({ editor }) => handlers.current.onChange(editor.isEmpty ? "" : editor.getHTML()),
      editorProps: {
        attributes: {
          class: "prose-mail min-h-20 px-4 py-3 outline-none",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": label,
        },
        // Mod+Enter would break the line; it belongs to the shortcuts, which send.
        handleDOMEvents: {
          keydown: (_, event) => event.key === "Enter" && (event.metaKey || event.ctrlKey),
        },
        ...(plain ? pasting : {}),
        handlePaste: (_, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          // What a text processor copies comes as a picture, too; its text is what is wanted.
          if (files.length === 0 || event.clipboardData?.getData("text/plain")) return false;
          handlers.current.onFiles(files);
          return true;
        },
        handleClickOn: (_, __, node, at) => {
          if (node.type.name !== "mergeChip") return false;
          handlers.current.onChip?.({ at, expression: String(node.attrs.expression) });
          return false;
        },
        // A chip that is selected opens by Enter as it does by a press.
        handleKeyDown: (view, event) => {
          const { selection } = view.state;
          if (event.key !== "Enter" || !(selection instanceof NodeSelection)) return false;
          if (selection.node.type.name !== "mergeChip") return false;
          const expression = String(selection.node.attrs.expression);
          handlers.current.onChip?.({ at: selection.from, expression });
          return true;
        },
        // The composer around takes files wherever they are dropped on it.
        handleDrop: (_, event) => (event.dataTransfer?.files.length ?? 0) > 0,
      },
    },
    [extensions, label],
  );
  // Before the next key: there is no moment at which nobody listens.
  useLayoutEffect(() => {
    if (editor) handOver(editor, name, focus);
  }, [editor, name, focus]);
  useEffect(() => {
    if (editor) onReady(editor);
  }, [editor, onReady]);
  // On the element itself: another option would make another editor.
  useEffect(() => {
    const field = editor && !editor.isDestroyed ? editor.view.dom : undefined;
    if (invalid) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    if (describedBy) field?.setAttribute("aria-describedby", describedBy);
    else field?.removeAttribute("aria-describedby");
  }, [editor, invalid, describedBy]);
  return <EditorContent editor={editor} />;
});
