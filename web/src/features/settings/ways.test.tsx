import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

async function open(change: string, title: string, address = "/settings/channels?item=1") {
  const app = renderApp(address, "full");
  await app.user.click(await screen.findByRole("button", { name: change }));
  return { app, form: await dialog(title) };
}

test("a mailbox is tried, and what is wrong stands beside its field", async () => {
  const { app, form } = await open("Change how mail comes in", "How mail comes in");
  await app.user.click(form.getByRole("radio", { name: "From a mailbox (IMAP)" }));
  await app.user.click(await form.findByRole("combobox", { name: "Mail service" }));
  await app.user.click(await screen.findByRole("option", { name: "Gmail or Google Workspace" }));
  expect(form.getByLabelText("Mail server")).toHaveProperty("value", "imap.gmail.com");
  expect(form.getByText(/Google asks for an app password/)).toBeTruthy();
  await app.user.type(form.getByLabelText("Password"), "wrong");
  await app.user.click(form.getByRole("button", { name: "Try it" }));
  expect(await form.findByText(/does not know this user name/)).toBeTruthy();
  await app.user.clear(form.getByLabelText("Password"));
  await app.user.type(form.getByLabelText("Password"), "sesame");
  await app.user.click(form.getByRole("button", { name: "Try it" }));
  expect(await form.findByText("Parley can sign in and read the mailbox.")).toBeTruthy();
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.toasts()).toContain("Saved. Parley is connecting."));
  expect(app.state.channels[0]?.incoming).toMatchObject({
    way: "imap",
    imap: { host: "imap.gmail.com", port: 993, tls: "tls", auth: "password", mailbox: "INBOX" },
  });
});

test("each service says which password it takes", async () => {
  const { app, form } = await open("Change how mail leaves", "How mail leaves");
  await app.user.click(form.getByRole("radio", { name: "By a mail server of this channel" }));
  expect(await form.findByText(/Many services ask for an app password/)).toBeTruthy();
  await app.user.click(form.getByRole("combobox", { name: "Mail service" }));
  await app.user.click(await screen.findByRole("option", { name: "Outlook or Microsoft 365" }));
  expect(form.getByText(/choose “OAuth 2.0” above/)).toBeTruthy();
});

test("what needs no connection waits for a mail, and does not connect", async () => {
  renderApp("/settings/channels?item=1", "full", (state) => {
    const [one] = state.channels;
    if (one) one.incoming = { ...one.incoming, state: "connecting", last_at: null };
  });
  const form = await dialog("Support email");
  expect(form.getByText("Waits for a first mail")).toBeTruthy();
  expect(form.queryByText("Connecting")).toBeNull();
});

test("the day from which older mail comes in stays the same when it is saved again", async () => {
  const since = new Date("2026-03-01T00:00:00").toISOString();
  const app = renderApp("/settings/channels?item=1", "full", (state) => {
    const [one] = state.channels;
    const server = { host: "mail.harbour.example", port: 993, tls: "tls", username: "support" };
    const imap = { ...server, auth: "password", mailbox: "INBOX", since } as const;
    if (one) one.incoming = { ...one.incoming, way: "imap", imap: { ...imap, tls: "tls" } };
  });
  await app.user.click(await screen.findByRole("button", { name: "Change how mail comes in" }));
  const form = await dialog("How mail comes in");
  expect(form.getByLabelText(/^Also bring older mail since/)).toHaveProperty("value", "2026-03-01");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.toasts()).toContain("Saved. Parley is connecting."));
  expect(app.state.channels[0]?.incoming.imap?.since).toBe(since);
});

test("a provider's webhook shows the address to call once it is saved", async () => {
  const { app, form } = await open("Change how mail comes in", "How mail comes in");
  await app.user.click(form.getByRole("radio", { name: "By a mail provider’s webhook" }));
  await app.user.click(await form.findByRole("combobox", { name: "Mail provider" }));
  await app.user.click(await screen.findByRole("option", { name: "Mailgun" }));
  expect(form.getByText(/Save first/)).toBeTruthy();
  await app.user.type(form.getByLabelText("HTTP webhook signing key"), "key-1");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(app.state.channels[0]?.incoming).toMatchObject({
      way: "webhook",
      webhook: { provider: "mailgun" },
    }),
  );
});

test("a mail server that fails is named in the list and in its channel", async () => {
  const app = renderApp("/settings/channels", "full", (state) => {
    const [one] = state.channels;
    if (!one) return;
    const error = "mail.harbour.example does not answer on port 993.";
    one.incoming = { ...one.incoming, way: "imap", state: "failed", error };
  });
  await app.user.click(await screen.findByRole("link", { name: /Mail doesn’t come in/ }));
  expect(await screen.findByText("mail.harbour.example does not answer on port 993.")).toBeTruthy();
});

test("a channel's mail leaves by a server of its own, and what is known stays", async () => {
  const { app, form } = await open("Change how mail leaves", "How mail leaves");
  await app.user.click(form.getByRole("radio", { name: "By a mail server of this channel" }));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText(/Enter the name of the mail server/)).toBeTruthy();
  await app.user.type(form.getByRole("textbox", { name: "Mail server" }), "mail.harbour.example");
  await app.user.type(form.getByLabelText("Password"), "sesame");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.toasts()).toContain("Saved. Parley is connecting."));
  expect(app.state.channels[0]?.outgoing).toMatchObject({
    way: "smtp",
    smtp: { host: "mail.harbour.example", username: "support@harbour.example" },
  });
  await app.user.click(await screen.findByRole("button", { name: "Change how mail leaves" }));
  const again = await dialog("How mail leaves");
  expect(again.getByText(/^Leave it empty to keep the one that is known/)).toBeTruthy();
});

test("the steps of a mailbox, its provider's code, and a mail that comes back", async () => {
  const { app, form } = await open("Set up and test", "Set up and test");
  expect(form.getByText(/Add a forwarding address/)).toBeTruthy();
  await app.user.click(form.getByRole("combobox", { name: "Your mailbox is at" }));
  await app.user.click(await screen.findByRole("option", { name: "Outlook or Microsoft 365" }));
  expect(form.getByText(/In Outlook on the web/)).toBeTruthy();
  app.state.wayTests.confirmation = {
    ...{ code: "493 817 226", link: "https://mail.google.com/confirm", provider: "google" },
    at: new Date().toISOString(),
  };
  expect(await form.findByText("493 817 226", undefined, { timeout: 10_000 })).toBeTruthy();
  expect(form.getByRole("link", { name: "Confirm" }).getAttribute("href")).toMatch(/^https:/);
  await app.user.click(form.getByRole("button", { name: "Send a test mail" }));
  expect(await form.findByText(/on its way/)).toBeTruthy();
  expect(
    await form.findByText(/It arrived after 3 seconds/, undefined, { timeout: 10_000 }),
  ).toBeTruthy();
  expect(form.getByText(/\+tag of the address arrives too/)).toBeTruthy();
});

test("what receivers find, with the record to add", async () => {
  const { form } = await open("Set up and test", "Set up and test");
  const records = within((await form.findByText("DMARC")).closest("li") as HTMLElement);
  expect(records.getByText("Missing")).toBeTruthy();
  expect(records.getByLabelText("Add as a TXT record at _dmarc.harbour.example")).toHaveProperty(
    "value",
    "v=DMARC1; p=none; rua=mailto:dmarc@harbour.example",
  );
  expect(form.getByText(/receivers decide by themselves/)).toBeTruthy();
});

test("without DNS the check says why it knows nothing", async () => {
  const app = renderApp("/settings/channels?item=1", "full", (state) => {
    state.wayTests.sender = null;
  });
  await app.user.click(await screen.findByRole("button", { name: "Set up and test" }));
  const form = await dialog("Set up and test");
  expect(await form.findByText(/without DNS/)).toBeTruthy();
});
