import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { me, user } from "@/test/factories";

test("sample data is added with one press, and offered no more", async () => {
  const app = renderApp("/settings/sample", "full");
  await app.user.click(await screen.findByRole("button", { name: "Add sample data" }));
  expect(await screen.findByText("Sample data is in this account")).toBeTruthy();
  expect(screen.getByText(/25 conversations, 24 contacts, 3 channels/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Add sample data" })).toBeNull();
  expect(app.toasts()).toContain("Sample data added.");
});

test("where somebody else was quicker, what is there now is shown", async () => {
  const app = renderApp("/settings/sample", "full");
  const button = await screen.findByRole("button", { name: "Add sample data" });
  app.state.sample = { ...app.state.sample, present: true };
  app.state.me = { ...app.state.me, account: { ...app.state.me.account, sample_data: true } };
  await app.user.click(button);
  expect(await screen.findByText("Sample data is in this account")).toBeTruthy();
});

test("removing it says what goes, then all is read anew", async () => {
  const app = renderApp("/settings/sample", "sample");
  await app.user.click(await screen.findByRole("button", { name: "Remove sample data" }));
  const question = within(await screen.findByRole("alertdialog"));
  expect(question.getByText(/25 conversations with every reply and note/)).toBeTruthy();
  await app.user.click(question.getByRole("button", { name: "Remove sample data" }));
  expect(await screen.findByRole("button", { name: "Add sample data" })).toBeTruthy();
  expect(app.writes().map(({ method, path }) => `${method} ${path}`)).toEqual(["DELETE /sample"]);
  expect(app.toasts()).toContain("Sample data removed.");
});

test("a fault stands beside the button", async () => {
  const app = renderApp("/settings/sample", "full");
  const button = await screen.findByRole("button", { name: "Add sample data" });
  app.state.broken = ["/api/v1/sample"];
  await app.user.click(button);
  expect((await screen.findByRole("alert")).textContent).toMatch(/Something went wrong/);
  expect(screen.getByRole("button", { name: "Add sample data" })).toBeTruthy();
});

test("sample data ticks nothing off the check-list", async () => {
  renderApp("/welcome?step=done", "sample");
  expect(await screen.findByText("1 of 5 done")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Remove sample data" })).toBeTruthy();
});

test("where mail to the sample's addresses arrives, as in the demo, it is all set up", async () => {
  renderApp("/welcome?step=done", "sample", (state) => {
    state.channels = state.channels.map((channel) => ({ ...channel, plus_tags: true }));
  });
  expect(await screen.findByText("5 of 5 done")).toBeTruthy();
});

test("whoever may not change the settings is offered none", async () => {
  const app = renderApp("/welcome?step=done", "full", (state) => {
    state.me = me({
      user: { ...user({ role: "agent" }), preferences: {} },
      permissions: ["read", "write"],
    });
  });
  expect(await screen.findByText("5 of 5 done")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("Try Parley with sample data")).toBeNull());
  expect(app.writes()).toEqual([]);
});

test("a new account's inbox shows the check-list until it is hidden", async () => {
  const app = renderApp("/inbox", "empty");
  expect(await screen.findByRole("heading", { name: "Finish setting up" })).toBeTruthy();
  await app.user.click(screen.getByRole("button", { name: "Hide" }));
  await waitFor(() => expect(app.state.me.user.preferences).toEqual({ checklist: "hidden" }));
  expect(await screen.findByText("Choose a conversation to read it.")).toBeTruthy();
});
