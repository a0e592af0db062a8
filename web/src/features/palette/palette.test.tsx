import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bindHotkeys } from "@/lib/hotkeys";
import { renderApp } from "@/test/app";

let release: () => void;

beforeEach(() => {
  release = bindHotkeys(window);
});

afterEach(() => {
  release();
});

async function start() {
  const app = renderApp("/settings/tokens", "full");
  await screen.findByText("Nightly export");
  return app;
}

test("the palette finds a command and runs it", async () => {
  const { user, router } = await start();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Commands" }), "settings");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/channels"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the palette offers what can be done here, and nothing else", async () => {
  const { user } = await start();
  await user.keyboard("{Control>}k{/Control}");
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByRole("option", { name: /Sign out/ })).toBeTruthy();
  expect(dialog.queryByRole("option", { name: /Reply/ })).toBeNull();
});

test("nothing found is said", async () => {
  const { user } = await start();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Commands" }), "zzz");
  expect(await screen.findByText("No command matches that.")).toBeTruthy();
});

test("? shows every shortcut, with the user's own keys", async () => {
  const { user } = await start();
  await user.keyboard("?");
  const dialog = within(await screen.findByRole("dialog", { name: "Keyboard shortcuts" }));
  const reply = dialog.getByText("Reply").closest("div");
  expect(reply?.textContent).toBe("ReplyR");
});

test("signing out asks the server, forgets what was read and leaves", async () => {
  const { user, router, state } = await start();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Commands" }), "sign out");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
  expect(state.signedIn).toBe(false);
});
