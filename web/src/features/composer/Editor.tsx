import Image from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import { EditorContent, type Editor as Tiptap, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { memo, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { handOver } from "./model/hand-over";
import "@/ui/prose.css";

export type { Editor as Tiptap } from "@tiptap/react";

interface Props {
  /** Under which name what was typed before it was there is kept. */
  name: string;
  label: string;
  placeholder: string;
  initial: string;
  /** Whether writing begins here; else in a field above. */
  focus: boolean;
  /** Only text: a note has no images. */
  plain: boolean;
  onChange: (html: string) => void;
  /** Files that were pasted or dropped. */
  onFiles: (files: File[]) => void;
  onReady: (editor: Tiptap) => void;
}

/** Only images that were uploaded; those of a page that text was copied from stay there. */
const OwnImage = Image.extend({
  parseHTML: () => [{ tag: 'img[src^="/api/v1/attachments/"]' }],
});

/** The rich-text field. It draws itself again for itself alone: the page around it does not. */
export const Editor = memo(function Editor(props: Props) {
  const { name, label, placeholder, initial, focus, plain, onChange, onFiles, onReady } = props;
  const handlers = useRef({ onChange, onFiles });
  useEffect(() => {
    handlers.current = { onChange, onFiles };
  });
  const extensions = useMemo(
    () => [
      StarterKit.configure({
        heading: false,
        horizontalRule: false,
        link: { openOnClick: false, autolink: true, defaultProtocol: "https" },
      }),
      Placeholder.configure({ placeholder }),
      ...(plain ? [] : [OwnImage]),
    ],
    [placeholder, plain],
  );
  const editor = useEditor(
    {
      extensions,
      content: initial,
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
        handlePaste: (_, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          // What a text processor copies comes as a picture, too; its text is what is wanted.
          if (files.length === 0 || event.clipboardData?.getData("text/plain")) return false;
          handlers.current.onFiles(files);
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
  return <EditorContent editor={editor} />;
});
