import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ago, phoneState } from "@/test/mail";
import type { State } from "@/test/server";
import { openTexts, prepareInbox } from "@/test/text-inbox";
import { ada, inText, optOut, picture, text, textId } from "@/test/text-samples";

prepareInbox();

/** The conversation with its composer open, a draft in it where one is given. */
async function write(
  html?: string,
  change?: (state: State) => void,
  ...files: ReturnType<typeof picture>[]
) {
  const app = await openTexts((state) => {
    if (html !== undefined) {
      const content = { mode: "reply", html, files };
      state.mail.drafts[textId] = [{ mode: "reply", content, version: 1, updated_at: ago(5) }];
    }
    change?.(state);
  });
  await app.user.click(await screen.findByRole("button", { name: /^(Reply to|Draft:)/ }));
  await screen.findByRole("button", { name: "Send" });
  return app;
}

const sendNow = () => screen.getByRole("button", { name: "Send" });
const counter = () => document.querySelector("[data-counter]")?.textContent;

test("a text leaves as plain words, with nothing that mail has", async () => {
  const app = await write("<p>Come by until six.<br>See you</p>");
  expect(screen.queryByRole("button", { name: "Bold" })).toBeNull();
  expect(screen.queryByText("Add Cc")).toBeNull();
  expect(screen.getByText(/^To \+1 415 555 0123 from Texts/)).toBeTruthy();
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({
    kind: "reply",
    text: "Come by until six.\nSee you",
    seen_seq: 7,
  });
  expect(app.sent()[0]).not.toHaveProperty("html");
  expect(app.sent()[0]).not.toHaveProperty("to");
});

test("its segments, the room left and the cost are counted as it stands", async () => {
  await write(`<p>${"a".repeat(161)}</p>`);
  expect(counter()).toBe("2 segments · 145 characters left · $0.0158");
});

test("what makes it cost more is named, and replaced by one press", async () => {
  const app = await write(`<p>It’s ready. ${"a".repeat(80)}</p>`);
  expect(counter()).toMatch(/^2 segments/);
  expect(screen.getByText(/^Because of ’ a segment holds 70 characters/)).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: "Replace ’ by ': saves 1 segment" }));
  await waitFor(() => expect(counter()).toMatch(/^1 segment ·/));
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]?.text).toBe(`It's ready. ${"a".repeat(80)}`);
});

test("more than ten segments do not leave, and it is said why", async () => {
  const app = await write(`<p>${"a".repeat(1531)}</p>`);
  await app.user.click(sendNow());
  expect((await screen.findAllByText(/This has 11 segments/)).length).toBeGreaterThan(0);
  expect(app.sent()).toHaveLength(0);
});

test("a picture makes it an MMS, which has characters and no segments", async () => {
  const app = await write(`<p>It’s ${"a".repeat(1600)}</p>`, undefined, picture());
  expect(counter()).toBe(
    "Picture message (MMS), at your provider's price for one · 0 characters left",
  );
  expect(screen.queryByText(/^Because of/)).toBeNull();
  await app.user.click(sendNow());
  expect((await screen.findAllByText(/This has 1605 characters/)).length).toBeGreaterThan(0);
  expect(app.sent()).toHaveLength(0);
  await app.user.click(screen.getByRole("button", { name: "Remove bike.jpg" }));
  expect(counter()).toMatch(/^24 segments/);
});

test("a number that sends no pictures offers none", async () => {
  await write("<p>Hello</p>", ({ channels }) => {
    const limits = channels.find(({ id }) => id === 20)?.limits;
    if (limits) Object.assign(limits, { pictures: 0, picture_bytes: 0, picture_types: [] });
  });
  expect(screen.queryByRole("button", { name: "Attach pictures" })).toBeNull();
});

test("merge fields go as they stand, to be filled in by the server", async () => {
  const chip = '<span data-merge="contact.first_name">First name</span>';
  const app = await write(`<p>Hi ${chip}</p>`);
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()).toHaveLength(1));
  expect(app.sent()[0]).toMatchObject({ merge: true });
  expect(String(app.sent()[0]?.html)).toContain('data-merge="contact.first_name"');
});

test("something newer holds the text until it was seen", async () => {
  const app = await write("<p>Yes</p>");
  const row = app.state.mail.conversations.find(({ id }) => id === textId);
  app.state.mail.timelines[textId]?.push(
    inText({ id: 609, seq: 9, at: ago(1), text: "Never mind", preview: "Never mind" }),
  );
  Object.assign(row ?? {}, { last_seq: 9 });
  await app.user.click(sendNow());
  expect((await screen.findByRole("alert")).textContent).toContain("Never mind");
  await app.user.click(screen.getByRole("button", { name: "Send anyway" }));
  await waitFor(() => expect(app.sent().at(-1)).toMatchObject({ force: true, text: "Yes" }));
});

test("what came before the first letter was typed has been seen", async () => {
  const app = await write();
  const row = app.state.mail.conversations.find(({ id }) => id === textId);
  Object.assign(row ?? {}, { last_seq: 9 });
  await app.router.options.context.queryClient.invalidateQueries();
  await app.user.type(screen.getByRole("textbox", { name: "Message" }), "Yes");
  await app.user.click(sendNow());
  await waitFor(() => expect(app.sent()[0]).toMatchObject({ seen_seq: 9 }));
});

test("what is newer is named by whom it is from, and named once", async () => {
  const app = await write("<p>Yes</p>");
  const row = app.state.mail.conversations.find(({ id }) => id === textId);
  const bare = { name: "", email: "", phone: ada };
  const shop = { name: "Harbour Bikes", email: "", phone: "+14155550100" };
  const said = "Harbour Bikes: we are open";
  app.state.mail.timelines[textId]?.push(
    inText({ id: 609, seq: 9, from: bare, text: "START", preview: "START" }),
    text({ id: 610, seq: 10, from: shop, author_id: null, text: said, preview: said }),
  );
  Object.assign(row ?? {}, { last_seq: 10 });
  await app.user.click(sendNow());
  const lines = within(await screen.findByRole("alert")).getAllByRole("listitem");
  expect(lines.map(({ textContent }) => textContent)).toEqual(["Ada Moreno: START", said]);
});

test("after STOP the composer is locked, and says since when and how", async () => {
  const app = await openTexts(optOut);
  const notice = await screen.findByRole("region", {
    name: "+1 415 555 0123 has opted out of texts",
  });
  await waitFor(() => expect(notice.textContent).toContain("They texted “STOP”"));
  expect(notice.textContent).toContain("by texting START");
  expect(screen.queryByRole("button", { name: /^Reply to/ })).toBeNull();
  // Notes are not texts.
  expect(screen.getByRole("button", { name: /^Note/ })).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: "Record consent…" }));
  await app.user.click(await screen.findByRole("button", { name: "Record consent" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/Write what they said/);
  await app.user.type(screen.getByRole("textbox", { name: "What they said" }), "Asked by phone");
  await app.user.click(screen.getByRole("button", { name: "Record consent" }));
  await screen.findByRole("button", { name: /^Reply to/ });
  const said = app.writes().find(({ path }) => path.endsWith("/opt-in"))?.body;
  expect(said).toMatchObject({ phone: ada, evidence: expect.stringMatching(/^Asked by phone/) });
});

test("who opts out meanwhile locks the composer, and the text is kept", async () => {
  const app = await write("<p>Shall we?</p>");
  optOut(app.state);
  await app.user.click(sendNow());
  await screen.findByRole("region", { name: "+1 415 555 0123 has opted out of texts" });
  expect(screen.getByText("Shall we?")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
});

test("quiet hours are a warning, and one press waits for the morning", async () => {
  const until = "2026-11-23T16:00:00Z";
  const quiet = { from: "21:00", to: "08:00", local_now: "2026-11-22T23:12:00-08:00" };
  const app = await write("<p>Hello</p>", (state) => {
    const row = state.mail.conversations.find(({ id }) => id === textId);
    Object.assign(row ?? {}, { quiet: { ...quiet, active: true, until } });
  });
  expect(screen.getByText(/It is 23:12 where they are/)).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: "Schedule for 08:00" }));
  await waitFor(() => expect(app.sent()[0]).toMatchObject({ send_at: until, text: "Hello" }));
});

test("a number that was not reached is a warning and no lock", async () => {
  await write("<p>Hello</p>", (state) => {
    const one = state.mail.contacts.at(-1);
    const lost = { unreachable_at: ago(50), unreachable_reason: "unreachable" };
    if (one) one.phone_states = [phoneState(ada, lost)];
  });
  expect(
    await screen.findByText(/did not arrive .*the telephone could not be reached/),
  ).toBeTruthy();
  expect(sendNow()).toBeTruthy();
});

test("what is no picture is refused beside the field", async () => {
  const app = await write("<p>Hello</p>");
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("there is no field for pictures");
  input.removeAttribute("accept");
  await app.user.upload(input, new File(["%PDF"], "a.pdf", { type: "application/pdf" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/JPEG, PNG and GIF/);
  expect(app.writes().some(({ path }) => path === "/attachments")).toBe(false);
});
