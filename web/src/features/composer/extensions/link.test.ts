import { Editor } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { afterEach, expect, test } from "vitest";
import { Link } from "./link";

let editor: Editor;
afterEach(() => editor.destroy());

function open(content: string): Editor {
  const element = document.createElement("div");
  editor = new Editor({ element, content, extensions: [Document, Paragraph, Text, Link] });
  return editor;
}

/** Types as a keyboard does, so that what is typed is looked at. */
function type(text: string): void {
  for (const key of text) {
    const { from, to } = editor.state.selection;
    const plain = () => editor.state.tr.insertText(key, from, to);
    const taken = editor.view.someProp("handleTextInput", (handle) =>
      handle(editor.view, from, to, key, plain),
    );
    if (!taken) editor.view.dispatch(plain());
  }
}

const link = (href: string, text: string) =>
  `<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${text}</a>`;

test.each([
  ["See https://x.example/a, then", "https://x.example/a", false],
  ["See https://x.example/a now", "https://x.example/a", true],
  ["www.x.example is ours", "www.x.example", true],
  ["no link at all ", "", false],
])("%s", (text, address, linked) => {
  open("").commands.focus("end");
  type(text);
  expect(editor.getText()).toBe(text);
  const href = address.startsWith("www") ? `https://${address}` : address;
  expect(editor.getHTML().includes(link(href, address))).toBe(linked);
});

test("only what leads to a page, an address or a telephone is a link", () => {
  open(
    '<p><a href="javascript:alert(1)">a</a><a href="mailto:a@x.example">b</a><a href="/settings">c</a></p>',
  );
  expect(editor.getHTML()).toBe(`<p>a${link("mailto:a@x.example", "b")}c</p>`);
});
