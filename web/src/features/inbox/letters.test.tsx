import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bindHotkeys } from "@/lib/hotkeys";
import { loadTexts } from "@/lib/i18n";
import { renderApp } from "@/test/app";
import { ago, outbound } from "@/test/mail";
import type { State } from "@/test/server";
import { useToasts } from "@/ui/toast";
import { useInbox } from "./model/state";

let unbind: () => void;

// The page has no size here, and a virtual list without one shows nothing.
beforeEach(async () => {
  await loadTexts("inbox", "composer", "contacts");
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: !query.includes("coarse"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  unbind = bindHotkeys(window);
  useInbox.setState({ selected: undefined, open: false, composer: undefined, rewrite: undefined });
  useToasts.setState({ queue: [], ended: [] });
});

afterEach(() => unbind());

const people = [{ name: "Hanna Lindqvist", email: "hanna.lindqvist@northwind.example" }];

/** The third conversation, with a draft in it where one is given. */
async function openLetter(html?: string, change?: (state: State) => void, fields: object = {}) {
  const app = renderApp("/inbox?c=3", "full", (state) => {
    for (const item of state.mail.timelines[3] ?? []) {
      if (item.kind === "message") item.has_html = false;
    }
    if (html !== undefined) {
      const content = { mode: "reply", html, to: people, subject: "Re: Delivery", ...fields };
      state.mail.drafts[3] = [{ mode: "reply", content, version: 1, updated_at: ago(5) }];
    }
    change?.(state);
  });
  await screen.findByRole("heading", { level: 2, name: /Delivery window/ });
  await app.user.click(await screen.findByRole("button", { name: /^(Reply to|Draft:)/ }));
  // Until then a plain field stands in for the editor.
  await screen.findByRole("button", { name: "Send" });
  const sent = () =>
    app
      .writes()
      .filter(({ path }) => path === "/conversations/3/messages")
      .map(({ body }) => body as Record<string, unknown>);
  return { ...app, sent };
}

const recipient = () => screen.findByRole("button", { name: /^Hanna Lindqvist <.*Change$/ });

/** Something of the menu of one message. */
async function answerOne(
  { user }: { user: { click: (on: Element) => Promise<void> } },
  name: string,
) {
  const more = await screen.findAllByRole("button", { name: "More for this message" });
  await user.click(more.at(-1) as HTMLElement);
  await user.click(await screen.findByRole("menuitem", { name }));
}

const chip = (expression: string, label: string) =>
  `<span data-merge="${expression.replaceAll('"', "&quot;")}">${label}</span>`;
const sendNow = () => screen.getByRole("button", { name: "Send" });

test("a canned message brings its text, its files, and is counted", async () => {
  const app = await openLetter();
  await app.user.click(screen.getByRole("button", { name: "Insert a canned message" }));
  await app.user.type(await screen.findByRole("combobox", { name: "Canned messages" }), "return");
  await app.user.click(await screen.findByRole("option", { name: /How to return a bike/ }));
  await screen.findByText("The steps are in the file below.");
  expect(await screen.findByRole("button", { name: "Remove how-to-return.pdf" })).toBeTruthy();
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  // A reply keeps its own subject.
  expect(app.sent()[0]).toMatchObject({
    attachment_ids: [9801],
    subject: "Re: Delivery window for the Rotterdam depot",
  });
  expect(app.state.canned[3]?.uses).toBe(4);
});

test("fields are filled in by the server, and one without a value is asked about first", async () => {
  const app = await openLetter(`<p>For ${chip("contact.company", "Company")}.</p>`);
  await app.user.click(sendNow());
  expect((await screen.findByRole("alert")).textContent).toMatch(/Nothing is known for: Company/);
  expect(app.state.mail.timelines[3]).toHaveLength(5);
  await app.user.click(screen.getByRole("button", { name: "Go back" }));
  expect(screen.queryByRole("alert")).toBeNull();
  await app.user.click(sendNow());
  await app.user.click(await screen.findByRole("button", { name: "Send anyway" }));
  await screen.findByText("Take back");
  expect(app.sent().map(({ merge, merge_empty }) => [merge, merge_empty])).toEqual([
    [true, undefined],
    [true, undefined],
    [true, true],
  ]);
});

test("a merge field shows what it is in this conversation, and where nothing is known", async () => {
  const app = await openLetter(undefined, (state) => {
    for (const field of state.mergeFields) field.sample = "Somebody else";
  });
  await app.user.click(screen.getByRole("button", { name: "Insert a merge field" }));
  expect(await screen.findByRole("option", { name: /^Name Hanna Lindqvist$/ })).toBeTruthy();
  expect(screen.getByRole("option", { name: /^Company Nothing is known here$/ })).toBeTruthy();
  expect(screen.queryByText("Somebody else")).toBeNull();
});

test("a promised file is asked about, once, and the way back is to attach it", async () => {
  const app = await openLetter("<p>The plan is attached.</p>");
  await app.user.click(sendNow());
  expect((await screen.findByRole("alert")).textContent).toMatch(/You wrote “attached”/);
  expect(app.sent()).toHaveLength(0);
  await app.user.click(screen.getByRole("button", { name: "Send anyway" }));
  await screen.findByText("Take back");
  expect(app.sent()).toHaveLength(1);
});

test("the signature is shown as the channel says, left out, and put in again", async () => {
  const app = await openLetter("<p>Friday noon.</p>", (state) => {
    for (const channel of state.channels) channel.add_signature = true;
  });
  const shown = within(await screen.findByRole("region", { name: "Signature" }));
  expect(shown.getByText("Harbour Support")).toBeTruthy();
  expect(shown.getByText(/Anna Keller/)).toBeTruthy();
  await app.user.click(shown.getByRole("button", { name: "Leave the signature out" }));
  await app.user.click(screen.getByRole("button", { name: "Add signature" }));
  await app.user.click(screen.getByRole("button", { name: "Leave the signature out" }));
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toMatchObject([{ signature: false }]));
});

test("a forward carries what is chosen", async () => {
  const app = await openLetter("<p>See below.</p>", undefined, {
    mode: "forward",
    to: [{ name: "", email: "depot@x.example" }],
  });
  const part = within(await screen.findByRole("region", { name: "What goes along" }));
  expect(part.getByText("Goes along below your text: one message.")).toBeTruthy();
  await app.user.click(part.getByRole("button", { name: "Choose" }));
  const first = await part.findByRole("checkbox", { name: /^Hanna Lindqvist, Nov 21/ });
  await app.user.click(first);
  expect(part.getByText("Goes along below your text: 2 messages, with 2 files.")).toBeTruthy();
  await app.user.click(part.getByRole("checkbox", { name: "frame-left.jpg" }));
  await app.user.click(sendNow());
  await waitFor(() =>
    expect(app.sent()).toMatchObject([
      {
        kind: "forward",
        forward: { message_ids: [30, 32], history: false, attachment_ids: [8] },
      },
    ]),
  );
});

test("one message is answered from its menu, with its words below, and the newest again", async () => {
  const sana = { name: "Sana Iqbal", email: "sana@x.example" };
  const app = await openLetter("<p>Friday noon.</p>", ({ mail }) => {
    const first = mail.timelines[3]?.find((item) => item.kind === "message" && item.id === 30);
    Object.assign(first ?? {}, { from: sana, cc: people, subject: "Pallets" });
  });
  const choose = async (name: string) => {
    const card = within(await screen.findByRole("article", { name: /^Message from Sana Iqbal/ }));
    await app.user.click(card.getByRole("button", { name: "More for this message" }));
    await app.user.click(await screen.findByRole("menuitem", { name }));
  };
  await choose("Reply");
  const answered = within(await screen.findByRole("region", { name: "What this answers" }));
  expect(answered.getByText(/^Answers Sana Iqbal, Nov 2/)).toBeTruthy();
  await app.user.click(answered.getByRole("button", { name: "Quote it" }));
  await choose("Reply to all");
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({
    ...{ kind: "reply", answers_id: 30, subject: "Re: Pallets", to: [sana], cc: people },
    html: expect.stringMatching(/^<p>Friday noon.<.*Sana Iqbal wrote:<\/p><blockquote><p>/),
  });
});

test("the newest is answered again where another was chosen by mistake", async () => {
  const app = await openLetter("<p>Friday noon.</p>", undefined, { answers_id: 30 });
  await app.user.click(await screen.findByRole("button", { name: "Answer the newest" }));
  expect(screen.queryByRole("region", { name: "What this answers" })).toBeNull();
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).not.toHaveProperty("answers_id");
});

test("a forward that was put away comes back with whom it goes to", async () => {
  const app = await openLetter("<p>As agreed</p>", undefined, { mode: "forward", to: people });
  expect(await recipient()).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: /^Put the composer away/ }));
  await app.user.click(await screen.findByRole("button", { name: /^Draft:/ }));
  await screen.findByRole("button", { name: "Send" });
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({ kind: "forward", to: people });
});

test("a forward in which nothing is written yet is for somebody already", async () => {
  const app = await openLetter();
  await answerOne(app, "Forward");
  await app.user.type(await screen.findByRole("textbox", { name: "To" }), "zoe@spoke.example");
  await app.user.click(screen.getByRole("button", { name: /^Put the composer away/ }));
  await app.user.click(await screen.findByRole("button", { name: /^Draft:.*zoe@spoke/ }));
  expect(await screen.findByRole("button", { name: /^zoe@spoke.example.*Change$/ })).toBeTruthy();
});

test("who writes whom a forward goes to is not taken elsewhere", async () => {
  const app = await openLetter();
  await answerOne(app, "Forward");
  const to = await screen.findByRole("textbox", { name: "To" });
  await app.user.click(to);
  await app.user.type(to, "zoe@spoke.example,mechanic@");
  expect(document.activeElement).toBe(to);
  await app.user.type(to, "spoke.example,");
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({
    kind: "forward",
    to: [{ email: "zoe@spoke.example" }, { email: "mechanic@spoke.example" }],
  });
});

test("choosing another message to forward keeps whom it goes to", async () => {
  const app = await openLetter("<p>As agreed</p>", undefined, { mode: "forward", to: people });
  await answerOne(app, "Forward");
  expect(await recipient()).toBeTruthy();
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({ kind: "forward", to: people });
});

test("of a long thread the earlier messages are said to be there, and listed when asked for", async () => {
  const app = await openLetter(
    "<p>See below.</p>",
    ({ mail }) => {
      const earlier = Array.from({ length: 60 }, (_, index) =>
        outbound({ id: 5000 + index, conversation_id: 3, at: ago(4000 - index), text: "Earlier" }),
      );
      mail.timelines[3]?.unshift(...earlier);
    },
    { mode: "forward", to: people },
  );
  const part = within(await screen.findByRole("region", { name: "What goes along" }));
  await app.user.click(part.getByRole("button", { name: "Choose" }));
  const listed = part.getAllByRole("checkbox").length;
  await app.user.click(part.getByRole("button", { name: "List earlier ones" }));
  await waitFor(() => expect(part.getAllByRole("checkbox").length).toBeGreaterThan(listed));
  expect(part.queryByRole("button", { name: "List earlier ones" })).toBeNull();
});

test("a chip of which there is no field says so where it stands", async () => {
  const html = `<p>For ${chip("contact.nick", "contact.nick")} of ${chip("contact.company", "Company")}.</p>`;
  const app = await openLetter(html);
  const text = within(screen.getByRole("textbox", { name: "Message" }));
  expect(await text.findByText("no such field")).toBeTruthy();
  expect(text.getByText("contact.nick").className).toContain("unknown");
  expect(text.getByText("Company").className).not.toContain("unknown");
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]?.html).not.toContain("no such field");
});

test("a letter is scheduled in words, moved, and taken back", async () => {
  const app = await openLetter("<p>Happy New Year!</p>");
  await app.user.keyboard("{Control>}{Alt>}{Enter}{/Alt}{/Control}");
  const first = within(await screen.findByRole("dialog", { name: "Send later" }));
  // Escape closes the dialog alone.
  await app.user.type(first.getByRole("textbox", { name: "Or when" }), "{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByRole("button", { name: "Send" })).toBeTruthy();
  await app.user.keyboard("{Control>}{Alt>}{Enter}{/Alt}{/Control}");
  const dialog = within(await screen.findByRole("dialog", { name: "Send later" }));
  await app.user.type(dialog.getByRole("textbox", { name: "Or when" }), "someday");
  await app.user.click(dialog.getByRole("button", { name: "Schedule" }));
  expect(await dialog.findByText(/Write a time to come/)).toBeTruthy();
  await app.user.clear(dialog.getByRole("textbox", { name: "Or when" }));
  await app.user.type(dialog.getByRole("textbox", { name: "Or when" }), "1 Jan 2099 0:05");
  expect(dialog.getByRole("status").textContent).toMatch(/^Leaves Thursday, January 1, 2099/);
  await app.user.click(dialog.getByRole("button", { name: "Schedule" }));
  const at = new Date(2099, 0, 1, 0, 5).toISOString();
  await waitFor(() => expect(app.sent()).toMatchObject([{ send_at: at }]));
  expect(app.sent()[0]).not.toHaveProperty("undo_seconds");
  await app.user.click(await screen.findByRole("button", { name: "Change the time" }));
  const move = within(await screen.findByRole("dialog", { name: "Change the time" }));
  await app.user.type(move.getByRole("textbox", { name: "Or when" }), "2 Jan 2099 9:00{Enter}");
  const later = new Date(2099, 0, 2, 9).toISOString();
  await waitFor(() => expect(app.writes().at(-1)?.body).toEqual({ send_at: later }));
});
