import { expect, test } from "vitest";
import type { Attachment } from "@/api/types";
import { promised } from "./attached";

const file: Attachment = {
  id: 1,
  filename: "plan.pdf",
  content_type: "application/pdf",
  size: 10,
  inline: false,
  kind: "file",
};

test.each([
  ["<p>The plan is attached.</p>", "attached"],
  ["<p>See the attachment below</p>", "attachment"],
  ["<p>Please find enclosed our offer.</p>", "enclosed"],
  ["<p>Anbei die Rechnung.</p>", "Anbei"],
  ["<p>Den Plan finden Sie im Anhang.</p>", "im Anhang"],
  ["<p>Die beigefügte Liste</p>", "beigefügte"],
  ["<ul><li><p>angehängt: der Plan</p></li></ul>", "angehängt"],
  ["<p>There was no attachment in your mail.</p>", undefined],
  ["<p>Es war kein Anhang dabei.</p>", undefined],
  ["<p>We detached the wheel.</p>", undefined],
  ["<blockquote><p>The plan is attached.</p></blockquote><p>Thank you!</p>", undefined],
  ["<p>Thank you!</p>", undefined],
])("%s promises %s", (html, word) => {
  expect(promised({ html, files: [] })).toBe(word);
});

test("what is there is no empty promise", () => {
  expect(promised({ html: "<p>Attached.</p>", files: [file] })).toBeUndefined();
  const image = '<p>Attached.</p><img src="/api/v1/attachments/1?inline=1">';
  expect(promised({ html: image, files: [{ ...file, inline: true }] })).toBeUndefined();
});
