import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadTexts } from "@/lib/i18n";
import { renderApp } from "@/test/app";
import { ago, message } from "@/test/mail";
import type { State } from "@/test/server";

beforeEach(async () => {
  await loadTexts("inbox", "composer", "contacts");
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: !query.includes("coarse"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});

// The composer is fetched beside the thread, and must not come when nobody is there any more.
afterEach(() => vi.dynamicImportSettled());

/** The app with the third conversation open; no mail is drawn as a page of its own here. */
async function openThread(change: (state: State) => void) {
  const app = renderApp("/inbox?c=3", "full", (state) => {
    for (const item of state.mail.timelines[3] ?? []) {
      if (item.kind === "message") item.has_html = false;
    }
    change(state);
  });
  await screen.findByRole("heading", { level: 2, name: /Delivery window/ });
  return app;
}

test("a sender who could not prove who they are is called unverified, with what that means", async () => {
  await openThread(({ mail }) => {
    for (const item of mail.timelines[3] ?? []) {
      if (item.kind !== "message" || item.direction !== "inbound") continue;
      item.auth = {
        spf: "fail",
        dkim: "none",
        dmarc: "fail",
        verified: "fail",
        domain: "northwind.example",
      };
    }
  });
  expect((await screen.findAllByText("Unverified sender")).length).toBeGreaterThan(0);
  expect(screen.getAllByText(/may not be from northwind.example/).length).toBeGreaterThan(0);
  expect(
    screen.getAllByText(/SPF: failed · DKIM: nothing to go by · DMARC: failed/)[0],
  ).toBeTruthy();
});

test("images are shown once where they are asked for", async () => {
  const { user } = await openThread(({ mail }) => {
    for (const item of mail.timelines[3] ?? []) {
      if (item.kind === "message") item.remote_images = item.id === 30;
    }
  });
  await user.click(await screen.findByRole("button", { name: "Show images" }));
  expect(screen.queryByRole("button", { name: "Show images" })).toBeNull();
});

test("a mail's header is shown, read out and whole", async () => {
  const { user } = await openThread(() => undefined);
  const menus = await screen.findAllByRole("button", { name: "More for this message" });
  await user.click(menus[0] as HTMLElement);
  await user.click(await screen.findByRole("menuitem", { name: "Show headers" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Headers of this mail" }));
  const verdicts = within(await dialog.findByRole("region", { name: /^What mail servers found/ }));
  expect(verdicts.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    "spf passsmtp.mailfrom=hanna@northwind.example · says in.harbour.example",
    "dkim failheader.d=northwind.example header.s=mail2026 · says in.harbour.example",
    "dmarc passheader.from=northwind.example · says in.harbour.example",
  ]);
  const way = within(dialog.getByRole("region", { name: "The way it came" }));
  expect(way.getAllByRole("listitem")[1]?.textContent).toMatch(/^from mx2.*to in\.harbour/);
  expect(dialog.getByText(/Message-ID: <0f1e7c40/).textContent).not.toContain("Our driver");
  await user.click(dialog.getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toMatch(/^Received: from mx2[\s\S]*charset=utf-8$/);
});

test("a bounce says why in words, and its mail is behind a press", async () => {
  const { user } = await openThread(({ mail }) => {
    const data = {
      address: "hanna@northwind.example",
      reason: "mailbox_full",
      hard: false,
      report: 88,
    };
    mail.timelines[3]?.push(
      message({
        id: 88,
        is_bounce: true,
        text: "552 too much",
        visible_text: "552 too much",
        at: ago(2),
      }),
      {
        kind: "event",
        id: 900,
        at: ago(1),
        event: "message.bounced",
        actor_id: null,
        message_id: 30,
        data,
      },
    );
  });
  expect(await screen.findByText(/hanna@northwind.example came back: mailbox full/)).toBeTruthy();
  expect(screen.queryByText("552 too much")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show the mail that says so" }));
  expect(await screen.findByText("552 too much")).toBeTruthy();
});
