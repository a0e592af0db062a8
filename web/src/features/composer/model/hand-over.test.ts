import { Editor } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { afterEach, expect, test } from "vitest";
import { handOver } from "./hand-over";
import { keepTyped, typed, typedName } from "./typed";

const name = typedName(3, "reply");
let editor: Editor;

function open(content: string): Editor {
  const element = document.body.appendChild(document.createElement("div"));
  editor = new Editor({ element, content, extensions: [Document, Paragraph, Text] });
  return editor;
}

afterEach(() => {
  editor.destroy();
  document.body.replaceChildren();
});

test.each([
  ["", "I keep one", "<p>I keep one</p>"],
  ["<p>Friday noon</p>", " it is.", "<p>Friday noon it is.</p>"],
  ["", "1 < 2 & <b>\n\nmore", "<p>1 &lt; 2 &amp; &lt;b&gt;</p><p></p><p>more</p>"],
  ["<p>Kept</p>", "", "<p>Kept</p>"],
])("after %j comes what was typed: %j", (draft, text, html) => {
  keepTyped(name, text);
  handOver(open(draft), name, true);
  expect(editor.getHTML()).toBe(html);
  expect(typed(name)).toBe("");
  expect(document.activeElement).toBe(editor.view.dom);
});

test("it is handed over once, and to its own composer", () => {
  keepTyped(name, "once");
  handOver(open(""), typedName(3, "note"), true);
  expect(editor.getText()).toBe("");
  handOver(editor, name, true);
  handOver(editor, name, true);
  expect(editor.getText()).toBe("once");
});

test("where writing begins in another field, the focus stays there", () => {
  keepTyped(name, "not lost");
  handOver(open(""), name, false);
  expect(editor.getText()).toBe("not lost");
  expect(document.activeElement).toBe(document.body);
});
