import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bindHotkeys } from "@/lib/hotkeys";
import { loadTexts } from "@/lib/i18n";
import { renderApp } from "@/test/app";
import { ago, note } from "@/test/mail";
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

/** The app with the inbox; no mail is drawn as a page of its own here. */
function renderInbox(path: string, change?: (state: State) => void) {
  return renderApp(path, "full", (state) => {
    for (const item of state.mail.timelines[3] ?? []) {
      if (item.kind === "message") item.has_html = false;
    }
    change?.(state);
  });
}

const row = (name: RegExp) => screen.findByRole("option", { name });
const openThread = async () => screen.findByRole("heading", { level: 2, name: /Delivery window/ });

/** A draft waits in the third conversation. */
function withDraft(html: string, fields: object = {}) {
  const to = [{ name: "Hanna Lindqvist", email: "hanna.lindqvist@northwind.example" }];
  const content = { mode: "reply", html, to, subject: "Re: Delivery window", ...fields };
  return [{ mode: "reply" as const, content, version: 1, updated_at: ago(5) }];
}

test("the list leads to the thread and the contact", async () => {
  const { user } = renderInbox("/inbox");
  await user.click(await row(/Hanna Lindqvist.*Delivery window/));
  await openThread();
  const thread = await screen.findByRole("region", { name: "Messages and events" });
  expect(await within(thread).findByText(/Our driver was told/)).toBeTruthy();
  expect(within(thread).queryByText(/Your delivery is planned/)).toBeNull();
  await user.click(within(thread).getByRole("button", { name: "Show quoted text" }));
  expect(within(thread).getByText(/Your delivery is planned/)).toBeTruthy();
  const panel = await screen.findByRole("complementary", { name: "Contact" });
  expect(await within(panel).findByText("+31 20 794 0182")).toBeTruthy();
});

test("j and k walk, e closes and stays, and Undo opens again", async () => {
  const { user, state, toasts } = renderInbox("/inbox");
  await row(/Hanna.*Delivery/);
  await user.keyboard("jjjk");
  expect((await row(/Amara Farouk.*Feedback/)).getAttribute("aria-selected")).toBe("true");
  await user.keyboard("j");
  await openThread();
  await user.keyboard("e");
  await waitFor(() => expect(state.mail.conversations[2]?.status).toBe("closed"));
  expect(await screen.findByRole("button", { name: /^Reopen/ })).toBeTruthy();
  expect(toasts()).toEqual(["Closed"]);
});

test("a closed conversation can't be marked unread, and says why", async () => {
  const { user, writes, toasts } = renderInbox("/inbox?c=3", ({ mail }) => {
    Object.assign(mail.conversations[2] ?? {}, { status: "closed", unread: false });
  });
  await openThread();
  const button = screen.getByRole("button", { name: /can't be unread/ });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  await user.click(button);
  expect(toasts()).toEqual(["A closed conversation can't be unread. Reopen it first."]);
  expect(writes().filter(({ path }) => path.endsWith("/unread"))).toEqual([]);
});

test("a draft is shown, gone on with, and sent with what its writer has seen", async () => {
  const { user, writes } = renderInbox("/inbox?c=3", ({ mail }) => {
    mail.drafts[3] = withDraft("<p>Friday noon it is.</p>");
  });
  await openThread();
  await user.click(await screen.findByText("Draft: Friday noon it is."));
  await user.click(await screen.findByRole("button", { name: "Send" }));
  await screen.findByText("Take back");
  const sent = writes().find(({ path }) => path === "/conversations/3/messages");
  expect(sent?.body).toMatchObject({
    kind: "reply",
    html: "<p>Friday noon it is.</p>",
    to: [{ email: "hanna.lindqvist@northwind.example" }],
    subject: "Re: Delivery window",
    seen_seq: 14,
    undo_seconds: 10,
  });
});

test("a message taken back is its draft alone, above what was begun meanwhile", async () => {
  const { user, state, toasts } = renderInbox("/inbox?c=3", ({ mail }) => {
    mail.drafts[3] = withDraft("<p>Friday noon it is.</p>");
  });
  await openThread();
  await user.click(await screen.findByText("Draft: Friday noon it is."));
  await user.click(await screen.findByRole("button", { name: "Send" }));
  await screen.findByText("Take back");
  expect(toasts()).toEqual(["Leaves in a moment"]);
  await user.click(screen.getByRole("button", { name: /^Reply to/ }));
  await user.click(await screen.findByRole("textbox", { name: "Message" }));
  state.mail.drafts[3] = withDraft("<p>Or later.</p>");
  await user.click(screen.getByText("Take back"));
  await waitFor(() =>
    expect(screen.getByRole("textbox", { name: "Message" }).textContent).toBe(
      "Friday noon it is.Or later.",
    ),
  );
  await waitFor(() => expect(screen.queryByText("Take back")).toBeNull());
  expect(screen.queryByText("Send now")).toBeNull();
});

test("a send is held when something newer has come, and goes when the writer says so", async () => {
  const { user, state, writes } = renderInbox("/inbox?c=3", ({ mail }) => {
    mail.drafts[3] = withDraft("<p>Friday noon it is.</p>");
  });
  await openThread();
  await user.click(await screen.findByText("Draft: Friday noon it is."));
  const send = await screen.findByRole("button", { name: "Send" });
  state.mail.timelines[3]?.push(note({ id: 50, seq: 20, text: "Wait" }));
  Object.assign(state.mail.conversations[2] ?? {}, { last_seq: 20 });
  await user.click(send);
  const held = await screen.findByRole("alert");
  expect(held.textContent).toContain("Not sent yet: something newer has arrived");
  expect(held.textContent).toMatch(/added a note: Wait/);
  expect(screen.getByRole("textbox", { name: "Message" }).textContent).toBe("Friday noon it is.");
  await user.click(screen.getByRole("button", { name: "Send anyway" }));
  await screen.findByText("Take back");
  const sends = writes().filter(({ path }) => path === "/conversations/3/messages");
  expect(sends.map(({ body }) => (body as { force?: boolean }).force)).toEqual([undefined, true]);
});

test("an answer to nobody is asked about beside the field", async () => {
  const { user, writes } = renderInbox("/inbox?c=3", ({ mail }) => {
    mail.drafts[3] = withDraft("<p>Hello.</p>", { to: [] });
  });
  await openThread();
  await user.click(await screen.findByText("Draft: Hello."));
  await user.click(await screen.findByRole("button", { name: "Send" }));
  expect(await screen.findByText("Say who this goes to.")).toBeTruthy();
  await user.type(screen.getByRole("textbox", { name: "To" }), "half@");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/“half@” is not a complete address/)).toBeTruthy();
  expect(writes().some(({ path }) => path.endsWith("/messages"))).toBe(false);
});

test("recipients are chips: a pasted list, Backspace to change, Delete to remove", async () => {
  const { user } = renderInbox("/inbox?c=3");
  await openThread();
  await user.keyboard("r");
  const to = await screen.findByRole("textbox", { name: "To" });
  await user.click(to);
  await user.paste("Ada <ada@x.example>, bob@y.example, nonsense");
  expect(screen.getByRole("button", { name: "Ada <ada@x.example>. Change" })).toBeTruthy();
  expect((to as HTMLInputElement).value).toBe("nonsense");
  await user.clear(to);
  await user.keyboard("{Backspace}");
  expect((to as HTMLInputElement).value).toBe("bob@y.example");
  await user.keyboard("{Enter}");
  screen.getByRole("button", { name: "bob@y.example. Change" }).focus();
  await user.keyboard("{ArrowLeft}{Delete}");
  expect(screen.queryByRole("button", { name: /Ada/ })).toBeNull();
  expect(screen.getByRole("button", { name: "bob@y.example. Change" })).toBeTruthy();
});

test("a conversation that may not be seen any more says so", async () => {
  renderInbox("/inbox?c=999");
  expect(await screen.findByText(/no longer here for you/)).toBeTruthy();
});

test("a contact is changed in place; a refusal keeps what was typed", async () => {
  const { user, state } = renderInbox("/inbox?c=3");
  const panel = await screen.findByRole("complementary", { name: "Contact" });
  await user.click(await within(panel).findByRole("button", { name: /^Company: / }));
  const field = within(panel).getByRole("textbox", { name: "Company" });
  await user.clear(field);
  await user.type(field, "Fjord Outdoor{Enter}");
  await waitFor(() => expect(state.mail.contacts[2]?.company).toBe("Fjord Outdoor"));
  await user.click(within(panel).getByRole("button", { name: /^email address: / }));
  const email = within(panel).getByRole("textbox", { name: "email address" });
  await user.clear(email);
  await user.type(email, "lucas.novak@northwind.example{Enter}");
  expect(await within(panel).findByText("This address belongs to Lucas Novak.")).toBeTruthy();
  const again = within(panel).getByRole("textbox", { name: "email address" });
  expect((again as HTMLInputElement).value).toBe("lucas.novak@northwind.example");
  await user.type(again, "{Escape}");
  expect(within(panel).queryByRole("textbox")).toBeNull();
});

test("a new conversation: who can't be written to is not chosen, who is new is created", async () => {
  const { user, state, writes } = renderInbox("/inbox");
  await row(/Hanna.*Delivery/);
  await user.keyboard("c");
  const dialog = await screen.findByRole("dialog", { name: "New conversation" });
  const search = await within(dialog).findByRole("combobox", { name: "To" });
  await user.type(search, "desai");
  const ravi = await within(dialog).findByRole("option", { name: /Ravi Desai.*no email address/ });
  expect(ravi.getAttribute("aria-disabled")).toBe("true");
  await user.click(ravi);
  expect(within(dialog).queryByText("Address")).toBeNull();
  await user.clear(search);
  await user.type(search, "Olga Petrova");
  await user.click(await within(dialog).findByText("Create “Olga Petrova”"));
  await user.type(within(dialog).getByRole("textbox", { name: "Email address" }), "olga@x.example");
  await user.click(within(dialog).getByRole("button", { name: "Start" }));
  expect(await screen.findByText("New message")).toBeTruthy();
  expect(state.mail.contacts.at(-1)).toMatchObject({
    name: "Olga Petrova",
    emails: ["olga@x.example"],
  });
  expect(writes().find(({ path }) => path === "/conversations")?.body).toMatchObject({
    channel_id: 1,
  });
});

test("marking as spam keeps the reason, says it in the conversation, and can be undone", async () => {
  const app = renderInbox("/inbox?c=3");
  await openThread();
  await app.user.keyboard("!");
  const question = within(await screen.findByRole("alertdialog"));
  await app.user.type(question.getByLabelText(/^Reason/), "Sells watches");
  await app.user.click(question.getByRole("button", { name: "Mark as spam" }));
  expect(await screen.findByText(/Blocked as spam by Anna Keller, .*: Sells watches/)).toBeTruthy();
  expect(app.toasts()).toEqual(["Marked as spam"]);
  useToasts.getState().queue[0]?.action?.run();
  await waitFor(() => expect(screen.queryByText(/Blocked as spam by/)).toBeNull());
  expect(app.writes().filter(({ path }) => path.includes("spam"))).toMatchObject([
    { path: "/conversations/3/spam", body: { why: "Sells watches" } },
    { path: "/conversations/3/not-spam" },
  ]);
});
