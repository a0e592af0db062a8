import { Extension } from "@tiptap/core";
import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";

/** What is being typed behind a sign, and where on the page it stands. */
export interface Asked {
  query: string;
  from: number;
  to: number;
  left: number;
  top: number;
  bottom: number;
}

export interface SuggestHost {
  /** Nothing is asked for any more: null. */
  show: (asked: Asked | null) => void;
  /** Whether the list took the key. */
  onKey: (event: KeyboardEvent) => boolean;
}

interface Options {
  sign: string;
  host: SuggestHost;
}

/** How long a query may be; whoever types on writes a sentence. */
const longest = 40;

/**
 * Notices a sign that is typed at the start of a word, and tells what follows
 * it. Escape puts the list away until the sign is typed anew.
 */
export const Suggest = Extension.create<Options>({
  name: "suggest",
  addOptions: () => ({ sign: "/", host: { show: () => undefined, onKey: () => false } }),
  addProseMirrorPlugins() {
    const { sign, host } = this.options;
    /** Where a list stood that was put away. */
    let refused = -1;
    let shown = false;
    const tell = (view: EditorView) => {
      const asked = askedIn(view.state, sign);
      if (!asked || !view.hasFocus() || asked.from === refused) {
        if (!asked) refused = -1;
        if (shown) host.show(null);
        shown = false;
        return;
      }
      shown = true;
      const { left, top, bottom } = view.coordsAtPos(asked.from);
      host.show({ ...asked, left, top, bottom });
    };
    return [
      new Plugin({
        key: new PluginKey("suggest"),
        view: (view) => {
          const gone = () => tell(view);
          view.dom.addEventListener("blur", gone);
          return {
            update: tell,
            destroy: () => {
              view.dom.removeEventListener("blur", gone);
              if (shown) host.show(null);
            },
          };
        },
        props: {
          handleKeyDown: (view, event) => {
            if (!shown || event.isComposing) return false;
            if (event.key === "Escape") {
              refused = askedIn(view.state, sign)?.from ?? -1;
              tell(view);
              // The composer around must not take it for itself and close.
              event.preventDefault();
              event.stopPropagation();
              return true;
            }
            return host.onKey(event);
          },
        },
      }),
    ];
  },
});

function askedIn(state: EditorState, sign: string) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.spec.code) return undefined;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "￼");
  const at = before.lastIndexOf(sign);
  if (at < 0 || before.length - at > longest) return undefined;
  const query = before.slice(at + 1);
  const apart = at === 0 || /\s/.test(before[at - 1] ?? "");
  // A space right behind the sign ends it: “and / or” asks for nothing.
  if (!apart || query.startsWith(" ") || query.includes("￼")) return undefined;
  return { query, from: $from.pos - query.length - sign.length, to: $from.pos };
}
