import { create } from "zustand";
import type { AnswerMode, ComposerMode } from "@/features/composer";
import { readStored, writeStored } from "@/lib/storage";

interface InboxState {
  /** The conversation under the cursor; the thread follows it. */
  selected: number | undefined;
  /** Whether the selected one is open. On a phone only one of list and thread is in sight. */
  open: boolean;
  /** The right panel where it has a place of its own. */
  panel: boolean;
  /** The same as a drawer or sheet above the page. */
  sheet: boolean;
  composer: ComposerMode | undefined;
  /** A message that did not leave, to be written anew. */
  rewrite: number | undefined;
  /** The message that is answered or forwarded, where one was chosen. */
  about: number | undefined;
  /** Its draft was asked for, which shows as soon as it is there. */
  resume: boolean;
  select: (id: number | undefined) => void;
  openThread: (id: number, composer?: ComposerMode, rewrite?: number) => void;
  openDraft: (id: number) => void;
  backToList: () => void;
  setPanel: (panel: boolean) => void;
  setSheet: (sheet: boolean) => void;
  compose: (mode: ComposerMode | undefined, rewrite?: number) => void;
  /** Answers or forwards one message, not the newest. */
  answer: (mode: AnswerMode, message: number) => void;
}

const panelKey = "inbox.panel";
const unwritten = { composer: undefined, rewrite: undefined, about: undefined, resume: false };
const closed = { ...unwritten, sheet: false };

/** What is selected and shown. Server data stays in the query cache. */
export const useInbox = create<InboxState>((set) => ({
  selected: undefined,
  open: false,
  panel: readStored(panelKey, true),
  ...closed,
  select: (id) => set((state) => (state.selected === id ? state : { ...closed, selected: id })),
  openThread: (id, composer, rewrite) =>
    set((state) => ({
      ...(state.selected === id ? {} : closed),
      ...(composer ? { composer, rewrite, about: undefined } : {}),
      selected: id,
      open: true,
    })),
  openDraft: (id) =>
    set((state) => ({
      ...(state.selected === id ? {} : closed),
      resume: true,
      selected: id,
      open: true,
    })),
  backToList: () => set({ ...closed, open: false }),
  setPanel: (panel) => {
    writeStored(panelKey, panel);
    set({ panel });
  },
  setSheet: (sheet) => set({ sheet }),
  compose: (composer, rewrite) => set({ ...unwritten, composer, rewrite }),
  answer: (composer, about) => set({ ...unwritten, composer, about }),
}));
