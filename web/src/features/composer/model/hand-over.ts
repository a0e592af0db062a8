import { Selection } from "@tiptap/pm/state";
import type { Editor } from "@tiptap/react";
import { takeTyped } from "./typed";

/**
 * Goes on where the stand-in was: what was typed there is put after the text
 * that there is, and the focus with it. All in one step, so that no key falls between.
 */
export function handOver(editor: Editor, name: string, focus: boolean): void {
  const text = takeTyped(name);
  if (!text && !focus) return;
  const end = editor.state.tr;
  editor.view.dispatch(end.setSelection(Selection.atEnd(end.doc)));
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) editor.commands.splitBlock();
    if (line) editor.view.dispatch(editor.state.tr.insertText(line));
  }
  if (focus) editor.view.focus();
}
