import { mergeAttributes, Node } from "@tiptap/core";
import { parseChip } from "../model/merge";

interface Options {
  /** A field's name in words. */
  label: (field: string) => string;
}

/**
 * A merge field within the text: one piece that is written over only as a
 * whole. What it stands for is in its attribute; the words inside are a label.
 */
export const MergeChip = Node.create<Options>({
  name: "mergeChip",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addOptions: () => ({ label: (field) => field }),
  addAttributes: () => ({
    expression: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-merge") ?? "",
      renderHTML: ({ expression }) => ({ "data-merge": expression }),
    },
  }),
  parseHTML: () => [{ tag: "span[data-merge]" }],
  renderHTML({ node, HTMLAttributes }) {
    return ["span", mergeAttributes(HTMLAttributes), this.options.label(wordsOf(node))];
  },
  renderText({ node }) {
    return this.options.label(wordsOf(node));
  },
});

function wordsOf(node: { attrs: Record<string, unknown> }): string {
  const expression = String(node.attrs.expression ?? "");
  return parseChip(expression)?.field ?? expression;
}
