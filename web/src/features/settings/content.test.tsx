import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { loadTexts } from "@/lib/i18n";
import { renderApp } from "@/test/app";
import { me } from "@/test/factories";
import { useToasts } from "@/ui/toast";

beforeEach(() => loadTexts("composer"));

const dialog = async () => within(await screen.findByRole("dialog"));
const mine = () => me({ permissions: ["read", "write", "annotate"] });

test("canned messages: the most used first, by folder, by search", async () => {
  const app = renderApp("/settings/canned", "full");
  const list = within(await screen.findByRole("list", { name: "Canned messages" }));
  const names = () => list.getAllByRole("link").map((link) => link.textContent ?? "");
  expect(names()[0]).toMatch(/Shipping delay.*\/delay.*Used 41 times/);
  expect(names().at(-1)).toMatch(/Thanks, closing.*Only you.*Not used yet/);
  await app.user.click(await screen.findByRole("button", { name: /^Billing/ }));
  await waitFor(() => expect(names()).toHaveLength(1));
  await app.user.click(screen.getByRole("button", { name: "All" }));
  await app.user.type(screen.getByRole("searchbox"), "zebra");
  expect(await screen.findByText("No canned message has “zebra” in it.")).toBeTruthy();
});

test("a canned message is written, with its shortcut and for whom", async () => {
  const app = renderApp("/settings/canned?item=new", "full");
  const form = await dialog();
  await app.user.type(form.getByLabelText("Name"), "Opening hours");
  await app.user.type(form.getByLabelText(/^Shortcut/), "/hours");
  await app.user.click(form.getByRole("radio", { name: "Only me" }));
  await app.user.type(await form.findByRole("textbox", { name: "Message" }), "From nine to six.");
  await app.user.click(form.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(app.toasts()).toContain("Canned message saved."));
  expect(app.state.canned.at(-1)).toMatchObject({
    name: "Opening hours",
    shortcut: "hours",
    shared: false,
    html: expect.stringContaining("<p>From nine to six.</p>"),
  });
});

test("what is wrong with a canned message stands beside its field", async () => {
  const app = renderApp("/settings/canned?item=2", "full", (state) => {
    Object.assign(state.canned[1] ?? {}, { html: "<p></p>" });
  });
  const form = await dialog();
  await app.user.clear(form.getByLabelText("Name"));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText("Enter a name to find it by.")).toBeTruthy();
  await app.user.type(form.getByLabelText("Name"), "Refund");
  await app.user.clear(form.getByLabelText(/^Shortcut/));
  await app.user.type(form.getByLabelText(/^Shortcut/), "delay");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText("“Shipping delay” has this shortcut already.")).toBeTruthy();
});

test("an unknown merge field is named beside the text", async () => {
  const app = renderApp("/settings/canned?item=3", "full", (state) => {
    const html = '<p>Hi <span data-merge="contact.nickname">contact.nickname</span></p>';
    Object.assign(state.canned[2] ?? {}, { html });
  });
  const form = await dialog();
  await form.findByText("contact.nickname");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText(/There is no merge field “contact.nickname”/)).toBeTruthy();
});

test("an autoresponder can't be deleted, and the reason stands in the question", async () => {
  const app = renderApp("/settings/canned?item=1", "full", (state) => {
    Object.assign(state.channels[0] ?? {}, { autoresponder_id: 1 });
  });
  await app.user.click((await dialog()).getByRole("button", { name: "Delete" }));
  const question = within(await screen.findByRole("alertdialog"));
  await app.user.click(question.getByRole("button", { name: "Delete canned message" }));
  expect((await question.findByRole("alert")).textContent).toMatch(/autoresponder/);
});

test("who may not change settings reads shared ones, and writes own ones", async () => {
  renderApp("/settings/canned?item=1", "full", (state) => {
    state.me = mine();
  });
  const glance = await dialog();
  expect(glance.getByText(/Sorry about the wait/)).toBeTruthy();
  expect(glance.queryByRole("button", { name: "Save" })).toBeNull();
});

test("no canned message: one sentence, one thing to do", async () => {
  renderApp("/settings/canned", "empty");
  expect(await screen.findByText(/No canned message yet/)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "New canned message" })).toHaveLength(2);
});

test("a signature is written, shown with examples, and removed with a way back", async () => {
  const app = renderApp("/settings/signature", "full");
  await app.user.click(await screen.findByRole("button", { name: "Write a signature" }));
  const form = await dialog();
  const text = await form.findByRole("textbox", { name: "Signature" });
  await app.user.type(text, "Best, ");
  await app.user.click(form.getByRole("button", { name: "Insert a merge field" }));
  await app.user.click(await screen.findByRole("option", { name: /Your first name/ }));
  const preview = within(form.getByRole("region", { name: "Below a letter, for example" }));
  expect(await preview.findByText("Best, Anna")).toBeTruthy();
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.state.signatures).toHaveLength(2));
  expect(app.state.signatures[1]).toMatchObject({
    level: "user",
    owner_id: 1,
    html: expect.stringContaining(
      '<p>Best, <span data-merge="user.first_name">Your first name</span></p>',
    ),
  });
  await app.user.click(await screen.findByRole("button", { name: "Edit" }));
  const again = await dialog();
  await app.user.click(again.getByRole("button", { name: "Remove signature" }));
  await waitFor(() => expect(app.state.signatures).toHaveLength(1));
  useToasts.getState().queue.at(-1)?.action?.run();
  await waitFor(() => expect(app.state.signatures).toHaveLength(2));
});

test("which channels leave the signature out is said, with the way to each", async () => {
  renderApp("/settings/signature", "full", (state) => {
    for (const one of state.channels) one.add_signature = one.id !== 1;
  });
  const link = await screen.findByRole("link", { name: "Support email" });
  expect(link.closest("div")?.textContent).toMatch(/It is off in: Support email$/);
  expect(link.getAttribute("href")).toBe("/settings/channels?item=1");
});

test("the team's signatures are for those who may change settings", async () => {
  renderApp("/settings/signature", "full", (state) => {
    state.me = mine();
  });
  expect(await screen.findByText("You have no signature of your own.")).toBeTruthy();
  expect(screen.queryByText("Signatures of the team")).toBeNull();
});

test("the default of a merge field is kept when the field is left", async () => {
  const app = renderApp("/settings/fields", "full");
  const field = await screen.findByLabelText("Default for Company");
  await app.user.type(field, "your company{Enter}");
  await waitFor(() => expect(app.toasts()).toEqual(["Default for Company saved."]));
  expect(app.writes()).toMatchObject([
    { path: "/merge-fields/contact.company", body: { default: "your company" } },
  ]);
  await app.user.tab();
  expect(app.writes()).toHaveLength(1);
});

test("a channel answers by itself, and signs once there is a signature", async () => {
  const app = renderApp("/settings/channels?item=1", "full");
  const form = await dialog();
  const sign = await form.findByRole("switch", { name: "Add signature to all emails" });
  await waitFor(() => expect(sign.hasAttribute("data-disabled")).toBe(false));
  await app.user.click(sign);
  await app.user.click(form.getByRole("switch", { name: "Autoresponder" }));
  const which = await form.findByRole("combobox", { name: "Answer with" });
  expect(which.textContent).toBe("Choose a canned message");
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect((await form.findByRole("alert")).textContent).toMatch(/^Choose the canned message/);
  expect(document.activeElement).toBe(which);
  expect(app.state.channels[0]?.autoresponder_id).toBeNull();
  await app.user.click(which);
  const [first] = app.state.canned;
  await app.user.click(await screen.findByRole("option", { name: first?.name }));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(app.state.channels[0]).toMatchObject({ add_signature: true, autoresponder_id: 1 }),
  );
});

test("without a signature a channel can't add one, and says where to write it", async () => {
  renderApp("/settings/channels?item=1", "full", (state) => {
    state.signatures = [];
    state.canned = [];
  });
  const form = await dialog();
  expect(await form.findByText(/There is no signature for this channel yet/)).toBeTruthy();
  const names = ["Add signature to all emails", "Autoresponder"];
  for (const name of names) {
    expect(form.getByRole("switch", { name }).hasAttribute("data-disabled")).toBe(true);
  }
  expect(await form.findByText(/it sends one of the shared canned messages/i)).toBeTruthy();
});
