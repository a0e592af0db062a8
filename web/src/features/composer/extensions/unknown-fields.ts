import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { fieldOf } from "../model/merge";

interface Options {
  /** What stands beside a chip of which there is no field. */
  words: () => string;
}

interface Marked {
  /** The fields that there are; null while that is not known. */
  known: ReadonlySet<string> | null;
  marks: DecorationSet;
}

const marker = new PluginKey<Marked>("unknownFields");

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    unknownFields: {
      /** Says which fields there are: chips of others are marked from then on. */
      setKnownFields: (names: readonly string[]) => ReturnType;
    };
  }
}

/** Says beside a chip that there is no such field. It stands in no text: what is sent has the chip alone. */
export const UnknownFields = Extension.create<Options>({
  name: "unknownFields",
  addOptions: () => ({ words: () => "" }),
  addCommands: () => ({
    setKnownFields:
      (names) =>
      ({ tr, dispatch }) => {
        dispatch?.(tr.setMeta(marker, new Set(names)).setMeta("addToHistory", false));
        return true;
      },
  }),
  addProseMirrorPlugins() {
    const { words } = this.options;
    return [
      new Plugin<Marked>({
        key: marker,
        state: {
          init: () => ({ known: null, marks: DecorationSet.empty }),
          apply(tr, before) {
            const known = (tr.getMeta(marker) as Set<string> | undefined) ?? before.known;
            if (known === before.known && !tr.docChanged) return before;
            return { known, marks: marked(tr.doc, known, words) };
          },
        },
        props: { decorations: (state) => marker.getState(state)?.marks },
      }),
    ];
  },
});

function marked(doc: Node, known: Marked["known"], words: () => string): DecorationSet {
  const marks: Decoration[] = [];
  doc.descendants((node, at) => {
    if (!known || node.type.name !== "mergeChip") return;
    if (known.has(fieldOf(String(node.attrs.expression)))) return;
    const end = at + node.nodeSize;
    marks.push(
      Decoration.node(at, end, { class: "unknown" }),
      Decoration.widget(end, () => beside(words()), { side: -1, key: "unknown" }),
    );
  });
  return DecorationSet.create(doc, marks);
}

function beside(words: string): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "unknown-words";
  mark.textContent = words;
  return mark;
}
