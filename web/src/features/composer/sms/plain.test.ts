import { expect, test } from "vitest";
import { flattened, plainText, replacedIn } from "./plain";

const chip = '<span data-merge="contact.first_name">First name</span>';

test.each([
  ["<p>Hi Ada</p>", "Hi Ada"],
  ["<p>Hi Ada<br>see you  soon</p>", "Hi Ada\nsee you  soon"],
  ["<p>One</p><p>Two</p>", "One\n\nTwo"],
  [
    "<p>Bring</p><ul><li><p>a lock</p></li><li><p>a pump</p></li></ul>",
    "Bring\n\n- a lock\n- a pump",
  ],
  ['<p>See <a href="https://x.example/r">our page</a></p>', "See our page https://x.example/r"],
  ['<p><a href="https://x.example">https://x.example</a></p>', "https://x.example"],
  ["<style>p{}</style>\n<p>Hi\n there</p>\n", "Hi there"],
  [`<p>Hi ${chip}!</p>`, "Hi First name!"],
  ["<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"],
  ["", ""],
])("%s leaves as plain words", (html, text) => {
  expect(plainText(html)).toBe(text);
  // What the editor makes of it says the same.
  expect(plainText(flattened(html))).toBe(text);
});

test("flattening leaves one paragraph, with its chips", () => {
  expect(flattened(`<p>Hi ${chip},</p><p><b>soon</b> &amp; well</p>`)).toBe(
    `<p>Hi ${chip},<br><br>soon &amp; well</p>`,
  );
});

test("characters are replaced in the text and never in a chip", () => {
  const named = '<span data-merge="contact.name | default: &quot;you’re&quot;">Ada’s</span>';
  expect(replacedIn(`<p>It’s ${named}</p>`, [{ from: "’", to: "'" }])).toBe(`<p>It's ${named}</p>`);
});
