import clsx from "clsx";
import { useState } from "react";
import type { Attachment } from "@/api/types";
import { useField } from "@/ui/field-context";
import { Attachments } from "./Attachments";
import { Editor, type PressedChip, type Tiptap } from "./Editor";
import { EmojiTool, FieldTool } from "./LetterTools";
import { ChipEditor } from "./merge/ChipEditor";
import { useKnownFields } from "./merge/use-known-fields";
import { imageAddress } from "./model/content";
import { useUploads } from "./model/use-uploads";
import { Toolbar } from "./Toolbar";

interface Props {
  label: string;
  placeholder: string;
  initial: string;
  /** Whether the thread can be put in: there is one wherever a canned message is used. */
  history: boolean;
  onChange: (html: string) => void;
  /** Files below the text; absent where there are none. */
  files?: readonly Attachment[];
  onFiles?: (change: (files: readonly Attachment[]) => Attachment[]) => void;
}

const none: readonly Attachment[] = [];

/** The composer's text with its tools, as a field of a form. */
export function RichText(props: Props) {
  const { label, placeholder, initial, history, onChange, files = none, onFiles } = props;
  const [editor, setEditor] = useState<Tiptap>();
  const [chip, setChip] = useState<PressedChip | null>(null);
  const { uploads, send, remove } = useUploads();
  const field = useField();
  useKnownFields(editor, true);
  function take(chosen: File[]): void {
    if (!onFiles) return;
    for (const file of chosen) {
      void send(file).then((sent) => {
        if (!sent) return;
        const inline = /^image\/(png|jpeg|gif|webp)$/.test(sent.content_type);
        onFiles((all) => [...all, { ...sent, inline }]);
        if (!inline) return;
        const image = { src: imageAddress(sent.id), alt: sent.filename };
        editor?.chain().focus().setImage(image).run();
      });
    }
  }
  return (
    <div
      className={clsx(
        "overflow-hidden rounded-lg border bg-raised focus-within:outline-2 focus-within:outline-accent",
        field?.invalid ? "border-danger" : "border-control",
      )}
    >
      <div className="max-h-72 overflow-y-auto [&_.ProseMirror]:min-h-28">
        <Editor
          name={`form ${label}`}
          label={label}
          placeholder={placeholder}
          initial={initial}
          focus={false}
          note={false}
          invalid={field?.invalid}
          describedBy={field?.describedBy}
          onChange={onChange}
          onFiles={take}
          onReady={setEditor}
          onChip={setChip}
        />
      </div>
      <Attachments
        files={files.filter((file) => !file.inline)}
        uploads={uploads}
        onRemove={({ id }) => onFiles?.((all) => all.filter((file) => file.id !== id))}
        onCancel={remove}
      />
      <div className="flex border-line border-t px-2 py-1">
        <Toolbar editor={editor} {...(onFiles ? { onFiles: take } : {})}>
          <FieldTool editor={editor} history={history} />
          <EmojiTool editor={editor} />
        </Toolbar>
      </div>
      {editor && chip ? (
        <ChipEditor key={chip.at} editor={editor} chip={chip} onClose={() => setChip(null)} />
      ) : null}
    </div>
  );
}
