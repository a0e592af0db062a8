import { expect, test } from "vitest";
import { conversation, event, message, note, outbound } from "@/test/mail";
import {
  begin,
  blank,
  contentOf,
  imageAddress,
  isBlank,
  newcomers,
  rewritten,
  sentFiles,
} from "./content";
import { wordsOf } from "./words";

const own = ["support@harbour.example", "c-1@in.parley.example"];
const hanna = { name: "Hanna", email: "hanna@northwind.example" };
const depot = { name: "Depot", email: "depot@northwind.example" };
const ours = { name: "", email: "Support@harbour.example" };
const subject = "Delivery window";
const facts = (...items: Parameters<typeof begin>[1]["items"]) => ({
  conversation: conversation({ subject, contact: { id: 1, ...hanna, phone: "", blocked: false } }),
  items,
  own,
});
const mail = (fields = {}) => message({ from: hanna, to: [ours], ...fields });

test("a reply goes to whoever wrote last, with one Re:", () => {
  const begun = begin("reply", facts(mail(), outbound(), note(), event()));
  expect(begun).toEqual({ ...blank, to: [hanna], subject: "Re: Delivery window" });
  const again = facts(mail());
  again.conversation.subject = "RE: Delivery window";
  expect(begin("reply", again).subject).toBe("RE: Delivery window");
});

test("Reply-To is where answers are wanted, unless it is ourselves", () => {
  expect(begin("reply", facts(mail({ reply_to: [depot] }))).to).toEqual([depot]);
  expect(begin("reply", facts(mail({ reply_to: [ours] }))).to).toEqual([hanna]);
});

test("a reply to all has everyone once, and never ourselves", () => {
  const copy = { name: "", email: "HANNA@northwind.example" };
  const eve = { name: "Eve", email: "eve@x.example" };
  const begun = begin("reply_all", facts(mail({ to: [ours, eve], cc: [depot, copy, eve] })));
  expect(begun.to).toEqual([hanna, eve]);
  expect(begun.cc).toEqual([depot]);
});

test("our own address is ours with the tag of a reply too", () => {
  const tagged = { name: "", email: "support+aebg3beog7dlcp2qjxkzrf5utm@harbour.example" };
  const begun = begin("reply_all", facts(mail({ to: [tagged, depot], reply_to: [tagged] })));
  expect(begun).toMatchObject({ to: [hanna, depot], cc: [] });
});

test("machines, bounces and people new to the conversation are not answered while there is another", () => {
  const robot = { name: "", email: "robot@x.example" };
  const sana = { name: "Sana", email: "sana@x.example" };
  const items = [
    mail(),
    mail({ from: sana, new_participant: true }),
    mail({ from: robot, auto_submitted: true }),
    mail({ from: robot, is_bounce: true }),
  ];
  expect(begin("reply", facts(...items)).to).toEqual([hanna]);
  expect(begin("reply", facts(...items.slice(1))).to).toEqual([sana]);
});

test("who joined by themselves is offered, once, until they are written to", () => {
  const sana = { name: "Sana", email: "sana@x.example" };
  const items = [mail(), mail({ from: sana, new_participant: true })];
  const again = mail({ from: { name: "", email: "SANA@x.example" }, new_participant: true });
  expect(newcomers([...items, again], begin("reply", facts(...items)))).toEqual([sana]);
  expect(newcomers(items, { ...blank, cc: [sana] })).toEqual([]);
});

test("a chosen message is answered, whatever came later", () => {
  const sana = { name: "Sana", email: "sana@x.example" };
  const older = mail({
    id: 7,
    from: sana,
    to: [ours, hanna],
    cc: [depot],
    subject: "The bill",
    internet_id: "bill@x.example",
    new_participant: true,
  });
  const chosen = { ...facts(older, mail({ id: 8 }), outbound({ id: 9, to: [depot] })), about: 7 };
  expect(begin("reply", chosen)).toMatchObject({
    to: [sana],
    subject: "Re: The bill",
    answers_id: 7,
  });
  expect(begin("reply_all", chosen)).toMatchObject({ to: [sana, hanna], cc: [depot] });
  expect(begin("forward", chosen)).toMatchObject({
    subject: "Fwd: The bill",
    forward: { message_ids: [7] },
  });
  // Of ours: who it went to. What nobody has is not answered.
  expect(begin("reply", { ...chosen, about: 9 })).toMatchObject({ to: [depot], answers_id: 9 });
  const waits = facts(mail({ id: 8 }), outbound({ id: 9, to: [depot], delivery: "scheduled" }));
  expect(begin("reply", { ...waits, about: 9 })).toMatchObject({ to: [hanna] });
  const failed = outbound({ in_reply_to: "bill@x.example" });
  expect(rewritten(failed, chosen.items).answers_id).toBe(7);
});

test("a forward begins with nobody", () => {
  const begun = begin("forward", facts(mail()));
  expect(begun).toMatchObject({ to: [], cc: [], subject: "Fwd: Delivery window" });
  const answer = mail({ id: 7, subject: "RE: Re: The bill" });
  expect(begin("forward", { ...facts(answer), about: 7 }).subject).toBe("Fwd: The bill");
});

test("the first message of a conversation goes to its contact, under its own subject", () => {
  expect(begin("reply", facts())).toMatchObject({ to: [hanna], subject });
  const nobody = facts();
  nobody.conversation.contact.email = "";
  nobody.conversation.subject = "";
  expect(begin("reply", nobody)).toMatchObject({ to: [], subject: "" });
});

test("an answer to nothing but our own messages goes to the contact", () => {
  expect(begin("reply_all", facts(outbound())).to).toEqual([hanna]);
});

test.each([
  ["", true],
  ["<p></p>", true],
  ["<p> &nbsp;<br></p>", true],
  ["<p>a</p>", false],
  ['<p></p><img src="/api/v1/attachments/1?inline=1">', false],
])("%j is blank: %s", (html, expected) => {
  expect(isBlank({ ...blank, html })).toBe(expected);
});

test("a file alone is something", () => {
  const file = {
    id: 1,
    filename: "a.pdf",
    content_type: "application/pdf",
    size: 1,
    inline: false,
    kind: "file" as const,
  };
  expect(isBlank({ ...blank, files: [file] })).toBe(false);
});

test("an image that was taken out of the text again does not go with it", () => {
  const file = {
    filename: "a.png",
    content_type: "image/png",
    size: 1,
    inline: true,
    kind: "image" as const,
  };
  const files = [
    { ...file, id: 1 },
    { ...file, id: 11 },
    { ...file, id: 2, inline: false },
  ];
  const html = `<p>See</p><img src="${imageAddress(11)}" alt="a.png">`;
  expect(sentFiles({ html, files })).toEqual([11, 2]);
});

test("a draft of another version is read as far as it can be", () => {
  expect(contentOf(undefined)).toBeNull();
  expect(contentOf({})).toEqual(blank);
  expect(contentOf({ html: 5, to: "x", mode: "letter", subject: "S" })).toEqual({
    ...blank,
    subject: "S",
  });
});

test("words are read across paragraphs and entities", () => {
  expect(wordsOf("<p>Fish &amp; chips</p><ul><li>one</li><li>two</li></ul>")).toBe(
    "Fish & chips one two",
  );
});

test("a message that did not leave is written anew; a forward without what it carried", () => {
  const sent = outbound({ html: "<p>Hi</p>", subject: "S", to: [hanna], cc: [depot] });
  expect(rewritten(sent, [])).toMatchObject({
    mode: "reply",
    html: "<p>Hi</p>",
    to: [hanna],
    cc: [depot],
  });
  const text = "Look <here>\nand there\n\nEnd";
  const forward = outbound({ mode: "forward", html: "<p>all of it</p>", visible_text: text });
  expect(rewritten(forward, [])).toMatchObject({
    mode: "forward",
    html: "<p>Look &lt;here&gt;<br>and there</p><p>End</p>",
    files: [],
  });
});
