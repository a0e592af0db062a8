import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { blocked } from "@/test/factories";
import { useToasts } from "@/ui/toast";

const list = async () => within(await screen.findByRole("list", { name: "Spam blocklist" }));
const undo = () => useToasts.getState().queue.at(-1)?.action?.run();

test("the list says who, when and why", async () => {
  renderApp("/settings/blocklist", "full");
  const entries = await list();
  expect(entries.getAllByRole("listitem")).toHaveLength(3);
  expect(
    await entries.findByText(/Blocked by Anna Keller, Nov 21, .*: Sells watches/),
  ).toBeTruthy();
  expect(entries.getByText("@lottery.example")).toBeTruthy();
  expect(screen.queryByRole("searchbox")).toBeNull();
});

test("an address or domain is added, and undone", async () => {
  const app = renderApp("/settings/blocklist", "full");
  await app.user.type(await screen.findByLabelText(/^Address, domain or number/), "junk.example");
  await app.user.type(screen.getByLabelText(/^Reason/), "Newsletters{Enter}");
  expect(await (await list()).findByText("@junk.example")).toBeTruthy();
  expect(app.writes()[0]?.body).toEqual({ value: "junk.example", why: "Newsletters" });
  expect(app.toasts()).toEqual(["junk.example is blocked."]);
  undo();
  await waitFor(async () => expect((await list()).queryByText("@junk.example")).toBeNull());
});

test.each([
  ["", "Enter an email address, a domain or a telephone number."],
  ["nonsense", "Enter an email address, a domain such as example.com, or a telephone number."],
  ["win@prizes.example", "This is on the blocklist already."],
])("what is wrong with “%s” stands beside the field", async (value, words) => {
  const app = renderApp("/settings/blocklist", "full");
  const field = await screen.findByLabelText(/^Address, domain or number/);
  if (value) await app.user.type(field, value);
  await app.user.click(screen.getByRole("button", { name: "Add to blocklist" }));
  expect(await screen.findByText(words)).toBeTruthy();
  expect(field.getAttribute("aria-invalid")).toBe("true");
});

test("an entry is removed at once, and Undo puts it back with its reason", async () => {
  const app = renderApp("/settings/blocklist", "full");
  const name = "Remove win@prizes.example from the blocklist";
  await app.user.click(await screen.findByRole("button", { name }));
  await waitFor(() => expect(screen.queryByRole("button", { name })).toBeNull());
  undo();
  expect(await screen.findByRole("button", { name })).toBeTruthy();
  expect(app.writes().at(-1)?.body).toEqual({ value: "win@prizes.example", why: "Sells watches" });
});

test("a long list can be searched", async () => {
  const app = renderApp("/settings/blocklist", "full", (state) => {
    state.blocklist = Array.from({ length: 12 }, (_, index) =>
      blocked({ id: 12 - index, value: `sender${index}@x.example` }),
    );
  });
  await app.user.type(await screen.findByRole("searchbox"), "sender11");
  await waitFor(async () => expect((await list()).getAllByRole("listitem")).toHaveLength(1));
  await app.user.type(screen.getByRole("searchbox"), "zebra");
  expect(
    await screen.findByText("Nothing on the blocklist has “sender11zebra” in it."),
  ).toBeTruthy();
});

test("an empty list says how somebody gets on it", async () => {
  renderApp("/settings/blocklist", "empty");
  expect(await screen.findByText(/Nobody is blocked/)).toBeTruthy();
  expect(await screen.findByText("No conversation has been marked as spam.")).toBeTruthy();
});

test("blocked conversations are chosen and come back, once for each contact", async () => {
  const app = renderApp("/settings/blocklist", "full", ({ mail }) => {
    const [one, two, three] = mail.conversations;
    if (!one || !two || !three) throw new Error("too few conversations");
    Object.assign(one, { spam: true });
    Object.assign(two, { spam: true, contact: one.contact });
    Object.assign(three, { spam: true });
  });
  const conversations = within(await screen.findByRole("list", { name: "Blocked conversations" }));
  const rows = conversations.getAllByRole("listitem").length;
  expect(screen.getByRole("button", { name: "Mark as not spam" })).toHaveProperty("disabled", true);
  await app.user.click(screen.getByRole("checkbox", { name: "Select all" }));
  expect(screen.getByText(`${rows} selected`)).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: "Mark as not spam" }));
  await waitFor(() => expect(app.toasts()).toHaveLength(1));
  expect(app.writes().every(({ path }) => path.endsWith("/not-spam"))).toBe(true);
  expect(app.writes()).toHaveLength(rows - 1);
});

test("a list that fails says so in its place", async () => {
  renderApp("/settings/blocklist", "broken");
  await waitFor(() => expect(screen.getAllByText("Request WQ7PX2M4KD9S")).toHaveLength(2));
});
