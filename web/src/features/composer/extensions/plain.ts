import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";
import { Fragment, type Schema, Slice } from "@tiptap/pm/model";

/** Enter begins a line: a text has no paragraphs. */
const LineBreak = HardBreak.extend({
  addKeyboardShortcuts() {
    const line = () => this.editor.commands.setHardBreak();
    return { Enter: line, "Shift-Enter": line };
  },
});

/** What texts are written with: words and lines. */
export const plainWriting = [
  Document.extend({ content: "paragraph" }),
  Paragraph,
  Text,
  LineBreak,
  UndoRedo,
];

/** Pasted text, its line ends as line breaks. */
export function lines(text: string, schema: Schema): Slice {
  const nodes = text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .flatMap((line, index) => [
      ...(index > 0 && schema.nodes.hardBreak ? [schema.nodes.hardBreak.create()] : []),
      ...(line ? [schema.text(line)] : []),
    ]);
  return new Slice(Fragment.from(nodes), 0, 0);
}
