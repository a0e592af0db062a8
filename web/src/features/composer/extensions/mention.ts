import { mergeAttributes, Node } from "@tiptap/core";

/** A colleague called by name in a note: the server reads who from the attribute. */
export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({
    user: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-mention") ?? "",
      renderHTML: ({ user }) => ({ "data-mention": user }),
    },
    name: {
      default: "",
      parseHTML: (element) => (element.textContent ?? "").replace(/^@/, ""),
      renderHTML: () => ({}),
    },
  }),
  parseHTML: () => [{ tag: "span[data-mention]" }],
  renderHTML({ node, HTMLAttributes }) {
    return ["span", mergeAttributes(HTMLAttributes), `@${node.attrs.name}`];
  },
  renderText({ node }) {
    return `@${node.attrs.name}`;
  },
});
