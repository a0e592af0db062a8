import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bindHotkeys } from "@/lib/hotkeys";
import { loadTexts } from "@/lib/i18n";
import { renderApp } from "@/test/app";
import { outbound } from "@/test/mail";
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

test.each([
  ["drafts", /Amara Farouk.*Draft: Thank you, we look into both charges/],
  ["scheduled", /Freya Mehta.*Leaves /],
  ["mentions", /Hanna Lindqvist.*Delivery window/],
])("the view %s shows its rows, each with what it is about", async (view, name) => {
  renderApp(`/inbox?view=${view}`, "full");
  expect(await screen.findByRole("option", { name })).toBeTruthy();
  expect(screen.getAllByRole("option")).toHaveLength(1);
});

test("a press on a draft goes on with it", async () => {
  const app = renderApp("/inbox?view=drafts", "full");
  await app.user.click(await screen.findByRole("option", { name: /Amara Farouk/ }));
  await screen.findByRole("button", { name: "Send" });
  const text = screen.getByRole("textbox", { name: "Message" });
  expect(text.textContent).toMatch(/Thank you, we look into both charges/);
});

test("a draft that is a file alone is gone on with, too", async () => {
  const file = { id: 5, filename: "frame.jpg", content_type: "image/jpeg", size: 2000 };
  const app = renderApp("/inbox?view=drafts", "full", ({ mail }) => {
    for (const draft of Object.values(mail.drafts).flat()) {
      draft.content = { ...draft.content, html: "", files: [file] };
    }
  });
  await app.user.click(await screen.findByRole("option", { name: /Amara Farouk/ }));
  expect(await screen.findByRole("button", { name: "Remove frame.jpg" })).toBeTruthy();
});

test.each([
  ["failed", "Not sent"],
  ["bounced", "Came back"],
  ["uncertain", "Perhaps sent"],
] as const)("a row says that a message %s: %s", async (trouble, words) => {
  renderApp("/inbox?view=failed", "full", ({ mail }) => {
    const rows = mail.conversations.filter((row) => row.failed_count > 0);
    for (const row of rows) row.trouble = trouble;
  });
  const [row] = await screen.findAllByRole("option", { name: new RegExp(words) });
  expect(row).toBeTruthy();
});

test("keys lead to the new views", async () => {
  const app = renderApp("/inbox", "full");
  await screen.findByRole("option", { name: /Hanna.*Delivery/ });
  await app.user.keyboard("gd");
  expect(await screen.findByRole("heading", { level: 1, name: "Drafts" })).toBeTruthy();
  await app.user.keyboard("gl");
  expect(await screen.findByRole("heading", { level: 1, name: "Scheduled" })).toBeTruthy();
  await app.user.keyboard("gm");
  expect(await screen.findByRole("heading", { level: 1, name: "Mentions" })).toBeTruthy();
});

test("what may have arrived is said to have, by a person", async () => {
  const app = renderApp("/inbox?view=failed&c=7", "full", ({ mail }) => {
    mail.timelines[7] = [
      outbound({
        id: 70,
        conversation_id: 7,
        text: "The refund is on its way.",
        delivery: "uncertain",
      }),
    ];
  });
  await app.user.click(await screen.findByRole("button", { name: "It did arrive" }));
  expect(app.writes().map(({ path }) => path)).toContain("/messages/70/confirm");
  expect(await screen.findByText("Sent")).toBeTruthy();
});

test("why a message did not arrive stands below it, in words", async () => {
  renderApp("/inbox?view=failed&c=7", "full", ({ mail }) => {
    const failed = outbound({
      id: 70,
      conversation_id: 7,
      delivery: "bounced",
      delivery_error: "552 5.2.2 over quota",
    });
    for (const recipient of failed.recipients) recipient.reason = "mailbox_full";
    mail.timelines[7] = [failed];
  });
  const card = within(await screen.findByRole("article", { name: /^Message from You/ }));
  expect(card.getByText(/hanna@northwind.example: The mailbox is full\./)).toBeTruthy();
  expect(card.getByText("552 5.2.2 over quota")).toBeTruthy();
});
