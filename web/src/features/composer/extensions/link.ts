import { InputRule, Mark, markPasteRule, mergeAttributes } from "@tiptap/core";

/** Where a link may lead; a script is no place. */
const safe = /^(https?:|mailto:|tel:)/i;

/** An address as people type it: with what it begins, and without the stop that ends the sentence. */
const typed = /(?:^|\s)((?:https?:\/\/|www\.)[^\s<>"']+[^\s<>"'.,;:!?)\]])(\s)$/i;
const pasted = /(?:https?:\/\/|www\.)[^\s<>"']+[^\s<>"'.,;:!?)\]]/gi;

function hrefOf(address: string): string {
  return safe.test(address) ? address : `https://${address}`;
}

/** Links by the button, and web addresses as they are typed or pasted. */
export const Link = Mark.create({
  name: "link",
  priority: 1000,
  // What is typed behind a link does not belong to it.
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (element) => (safe.test(element.getAttribute("href") ?? "") ? null : false),
    },
  ],
  renderHTML({ HTMLAttributes }) {
    const href = String(HTMLAttributes.href ?? "");
    const attributes = mergeAttributes(HTMLAttributes, {
      href: safe.test(href) ? href : "",
      target: "_blank",
      rel: "noopener noreferrer nofollow",
    });
    return ["a", attributes, 0];
  },
  addInputRules() {
    return [
      new InputRule({
        find: typed,
        handler: ({ state, range, match }) => {
          const [, address = "", space = " "] = match;
          const start = range.from + (match[0] ?? "").indexOf(address);
          const end = start + address.length;
          if (state.doc.rangeHasMark(start, end, this.type)) return null;
          state.tr.addMark(start, end, this.type.create({ href: hrefOf(address) }));
          // The space that ended it may stand there already.
          if (range.to === end) state.tr.insertText(space, end);
        },
      }),
    ];
  },
  addPasteRules() {
    return [
      markPasteRule({
        find: pasted,
        type: this.type,
        getAttributes: ([address]) => ({ href: hrefOf(address ?? "") }),
      }),
    ];
  },
});
