import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { hotkeyPreferences } from "@/lib/hotkeys";
import { renderApp } from "@/test/app";
import { channel, me, user } from "@/test/factories";

const dialog = async () => within(await screen.findByRole("dialog"));

test("a channel is created, then shows where to forward mail", async () => {
  const app = renderApp("/settings/channels", "full");
  await app.user.click(await screen.findByRole("link", { name: "New channel" }));
  await app.user.click((await dialog()).getByRole("link", { name: /^Email/ }));
  const form = within(await screen.findByRole("dialog", { name: "New email channel" }));
  await app.user.type(form.getByLabelText("Channel name"), "Press");
  await app.user.type(form.getByLabelText("Email address"), "press@harbour.example");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  const forward = await screen.findByLabelText<HTMLInputElement>(
    "To create conversations, forward emails to",
  );
  expect(forward.readOnly).toBe(true);
  expect(app.state.channels.at(-1)).toMatchObject({ name: "Press", inbox_id: 1, type: "email" });
});

test("where there is no inbox yet, one is made with the channel, named like it unless said otherwise", async () => {
  const app = renderApp("/settings/channels?item=new&type=email", "empty");
  const form = within(await screen.findByRole("dialog", { name: "New email channel" }));
  const name = await form.findByLabelText("Name of the new inbox");
  await app.user.type(form.getByLabelText("Channel name"), "Press");
  expect(name).toHaveProperty("value", "Press");
  await app.user.clear(name);
  await app.user.type(form.getByLabelText("Email address"), "press@harbour.example");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  expect(await form.findByText("Enter a name for the inbox.")).toBeTruthy();
  await app.user.type(name, "Newsroom");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  await screen.findByLabelText("To create conversations, forward emails to");
  expect(app.state.inboxes).toMatchObject([{ name: "Newsroom" }]);
  expect(app.state.channels).toMatchObject([{ name: "Press", inbox_id: app.state.inboxes[0]?.id }]);
});

test("beside those that are there, a new inbox can be chosen", async () => {
  const app = renderApp("/settings/channels?item=new&type=email", "full");
  const form = within(await screen.findByRole("dialog", { name: "New email channel" }));
  await app.user.type(form.getByLabelText("Channel name"), "Press");
  await app.user.type(form.getByLabelText("Email address"), "press@harbour.example");
  expect(form.queryByLabelText("Name of the new inbox")).toBeNull();
  await app.user.click(form.getByRole("combobox", { name: "Route new conversations to" }));
  await app.user.click(await screen.findByRole("option", { name: "New inbox" }));
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  await waitFor(() => expect(app.state.channels.at(-1)?.name).toBe("Press"));
  expect(app.writes().at(-1)?.body).toEqual({
    ...{ type: "email", name: "Press", address: "press@harbour.example", from_name: "" },
    new_inbox: "Press",
  });
});

test("an address that nobody outside can deliver to says so, and what to set", async () => {
  renderApp("/settings/channels?item=1", "full", (state) => {
    state.channels = [channel({ forward_address: "help-fzf6a9xz@localhost" })];
  });
  expect((await dialog()).getByText(/Start Parley with --mail-domain/)).toBeTruthy();
});

test("a channel is switched off, and Save sends what the form holds", async () => {
  const app = renderApp("/settings/channels?item=1", "full");
  const form = await dialog();
  await app.user.click(form.getByRole("switch", { name: "Channel is on" }));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.state.channels[0]?.disabled).toBe(true));
  expect(await screen.findAllByText("Off")).not.toHaveLength(0);
  expect(app.toasts()).toContain("Channel saved.");
});

test("deleting a channel asks first, and says what is lost", async () => {
  const app = renderApp("/settings/channels?item=1", "full");
  await app.user.click((await dialog()).getByRole("button", { name: "Delete" }));
  const question = within(await screen.findByRole("alertdialog"));
  expect(question.getByText(/Mail to support@harbour.example is refused/)).toBeTruthy();
  await app.user.click(question.getByRole("button", { name: "Delete channel" }));
  await waitFor(() => expect(app.state.channels.map(({ id }) => id)).toEqual([2, 3]));
});

test("an inbox in use cannot be archived, and the reason stands in the question", async () => {
  const app = renderApp("/settings/inboxes?item=1", "full");
  await app.user.click((await dialog()).getByRole("button", { name: "Archive" }));
  const question = within(await screen.findByRole("alertdialog"));
  await app.user.click(question.getByRole("button", { name: "Archive inbox" }));
  expect((await question.findByRole("alert")).textContent).toMatch(/Support email/);
});

test("an inbox keeps who sees it", async () => {
  const app = renderApp("/settings/inboxes?item=2", "full");
  const form = await dialog();
  const anna = await form.findByRole("checkbox", { name: "Anna Keller" });
  expect(anna.getAttribute("aria-disabled") ?? anna.hasAttribute("data-disabled")).toBeTruthy();
  await app.user.click(form.getByRole("checkbox", { name: "Marcus Webb" }));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.state.inboxes[1]?.member_ids).toEqual([3]));
  expect(app.state.inboxes[1]?.default_assignee_id).toBe(2);
});

test("an address that is taken is said beside the address", async () => {
  const app = renderApp("/settings/users?item=new", "full");
  const form = await dialog();
  await app.user.type(form.getByLabelText("Email"), "lea@harbour.example");
  await app.user.type(form.getByLabelText("Name"), "Lea");
  await app.user.click(form.getByRole("button", { name: "Send invitation" }));
  expect(await form.findByText("This address belongs to a user already.")).toBeTruthy();
  expect(form.getByLabelText("Email").getAttribute("aria-invalid")).toBe("true");
});

test("where no mail can be sent, an invitation is a link to hand over", async () => {
  const app = renderApp("/settings/users?item=new", "empty");
  const form = await dialog();
  await app.user.type(form.getByLabelText("Email"), "sana@harbour.example");
  await app.user.type(form.getByLabelText("Name"), "Sana");
  await app.user.click(form.getByRole("button", { name: "Create link" }));
  const link = await screen.findByLabelText<HTMLInputElement>("Invitation link");
  expect(link.value).toMatch(/\/invite\?token=/);
});

test("disabling a user can be undone", async () => {
  const app = renderApp("/settings/users?item=3", "full");
  await app.user.click((await dialog()).getByRole("button", { name: "Disable" }));
  await waitFor(() => expect(app.state.users[2]?.disabled).toBe(true));
  expect(app.toasts()[0]).toMatch(/Marcus Webb can no longer sign in/);
});

test("nobody can disable themselves", async () => {
  renderApp("/settings/users?item=1", "full");
  expect((await dialog()).queryByRole("button", { name: "Disable" })).toBeNull();
});

test("a token is shown once", async () => {
  const app = renderApp("/settings/tokens?item=new", "full");
  const form = await dialog();
  await app.user.type(form.getByLabelText("Name"), "Export{Enter}");
  const value = await screen.findByLabelText<HTMLInputElement>("Token");
  expect(value.value).toMatch(/^parley_/);
  await app.user.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByLabelText("Token")).toBeNull());
  expect(screen.queryByDisplayValue(/^parley_/)).toBeNull();
});

test("a list that fails says so in its place, with the request and a way to retry", async () => {
  const app = renderApp("/settings/tokens", "broken");
  const fault = within(await screen.findByRole("alert"));
  expect(fault.getByText("Request WQ7PX2M4KD9S")).toBeTruthy();
  app.state.broken = [];
  await app.user.click(fault.getByRole("button", { name: "Retry" }));
  expect(await screen.findByText("Nightly export")).toBeTruthy();
});

test("an empty list says why, and what to do", async () => {
  renderApp("/settings/channels", "empty");
  expect(await screen.findByText("No channel yet, so no message can arrive.")).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "New channel" })).toHaveLength(2);
});

test("a channel that can't send says so everywhere, until it has a mail server of its own", async () => {
  const smtp = { way: "smtp", smtp: null, state: "ok", error: "" } as const;
  const none = { way: "default", smtp: null, state: "failed", error: "No relay." } as const;
  const stuck = channel({ id: 2, name: "Press", outgoing: none });
  const app = renderApp("/settings/channels", "empty", (state) => {
    state.channels = [channel({ outgoing: smtp }), stuck];
  });
  expect(await screen.findByText(/give it a mail server under “Mail leaves”/)).toBeTruthy();
  expect(screen.getAllByText("Can’t send mail")).toHaveLength(1);
  await app.user.click(screen.getByRole("link", { name: /^Press/ }));
  const form = await dialog();
  expect(form.getByText("There is no mail server for it yet")).toBeTruthy();
  expect(form.getByText(/Give the channel a mail server of its own/)).toBeTruthy();
  await app.user.click(form.getByRole("button", { name: "Change how mail leaves" }));
  const way = within(await screen.findByRole("dialog", { name: "How mail leaves" }));
  expect(way.getByText(/Give the channel a mail server of its own/)).toBeTruthy();
});

test("channels with mail servers of their own need no relay", async () => {
  const smtp = { way: "smtp", smtp: null, state: "ok", error: "" } as const;
  renderApp("/settings/channels", "empty", (state) => {
    state.channels = [channel({ outgoing: smtp })];
  });
  expect(await screen.findByRole("link", { name: /^Support email/ })).toBeTruthy();
  expect(screen.queryByText(/PARLEY_RELAY_URL/)).toBeNull();
});

test("whoever may not change the account's settings does not see them", async () => {
  const app = renderApp("/settings", "full", (state) => {
    state.me = me({
      user: { ...user({ role: "agent" }), preferences: {} },
      permissions: ["read", "write", "tokens"],
    });
  });
  await waitFor(() => expect(app.router.state.location.pathname).toBe("/settings/profile"));
  await app.user.click(await screen.findByRole("button", { name: "Show the menu" }));
  expect(await screen.findByRole("link", { name: "API tokens" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Channels" })).toBeNull();
});

test("a wrong current password is said beside it", async () => {
  const app = renderApp("/settings/profile", "full");
  await app.user.type(await screen.findByLabelText("Current password"), "wrong");
  await app.user.type(screen.getByLabelText("New password"), "one two three");
  await app.user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("This is not it.")).toBeTruthy();
});

test("another session can be ended, this one not", async () => {
  const app = renderApp("/settings/profile", "full");
  await app.user.click(await screen.findByRole("button", { name: "Sign out Safari on iOS" }));
  await waitFor(() => expect(app.state.sessions).toHaveLength(1));
  expect(screen.queryByRole("button", { name: "Sign out Chrome on Linux" })).toBeNull();
});

test("how long messages are held back is kept beside the other preferences", async () => {
  const app = renderApp("/settings/profile", "full", (state) => {
    state.me.user.preferences = { hotkeys: { keys: { reply: "y" }, characters: true } };
  });
  const choice = await screen.findByRole("combobox", { name: "Messages can be taken back for" });
  expect(choice.textContent).toContain("10 seconds");
  await app.user.click(choice);
  await app.user.click(await screen.findByRole("option", { name: "No time: they leave at once" }));
  await waitFor(() =>
    expect(app.state.me.user.preferences).toEqual({
      hotkeys: { keys: { reply: "y" }, characters: true },
      undo_seconds: 0,
    }),
  );
});

test("a shortcut gets new keys, unless they are taken", async () => {
  const app = renderApp("/settings/shortcuts", "full");
  await app.user.click(await screen.findByRole("button", { name: "Change “Reply”" }));
  await app.user.keyboard("e");
  expect(screen.getByText(/“Close” uses these keys already/)).toBeTruthy();
  await app.user.keyboard("{Backspace}y{Enter}");
  expect(hotkeyPreferences().keys).toEqual({ reply: "y" });
  await waitFor(() =>
    expect(app.state.me.user.preferences).toEqual({
      hotkeys: { keys: { reply: "y" }, characters: true },
    }),
  );
});
