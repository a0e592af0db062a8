import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { returnSearch } from ".";

async function signIn(app: ReturnType<typeof renderApp>, email: string, password: string) {
  await app.user.type(await screen.findByLabelText("Email"), email);
  await app.user.type(screen.getByLabelText("Password"), password);
  await app.user.click(screen.getByRole("button", { name: "Sign in" }));
}

test("whoever is not signed in goes to sign-in, and then where they meant to go", async () => {
  const app = renderApp("/settings/tokens", "outside");
  await signIn(app, "anna@harbour.example", "a good password");
  expect(await screen.findByRole("heading", { name: "API tokens" })).toBeTruthy();
  expect(app.router.state.location.pathname).toBe("/settings/tokens");
});

test("a wrong password is said, and what was typed stays", async () => {
  const app = renderApp("/sign-in", "outside");
  await signIn(app, "anna@harbour.example", "wrong");
  expect((await screen.findByRole("alert")).textContent).toMatch(/wrong/);
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("anna@harbour.example");
});

test("empty fields are said beside the fields, and nothing is sent", async () => {
  const app = renderApp("/sign-in", "outside");
  await app.user.click(await screen.findByRole("button", { name: "Sign in" }));
  const email = screen.getByLabelText("Email");
  await waitFor(() => expect(email.getAttribute("aria-invalid")).toBe("true"));
  const error = document.getElementById(`${email.id}-error`);
  expect(error?.textContent).toBe("Enter your email address.");
  expect(email.getAttribute("aria-describedby")).toContain(error?.id);
  expect(app.writes()).toEqual([]);
});

test("an email of several accounts asks which", async () => {
  const app = renderApp("/sign-in", "outside");
  await signIn(app, "both@harbour.example", "a good password");
  await app.user.click(await screen.findByRole("button", { name: "Northwind Bikes" }));
  await waitFor(() => expect(app.router.state.location.pathname).toBe("/inbox"));
  expect(app.writes().at(-1)?.body).toEqual({
    email: "both@harbour.example",
    password: "a good password",
    account_id: 2,
  });
});

test("a forgotten password never tells whether the address is known", async () => {
  const app = renderApp("/forgot", "outside");
  await app.user.type(await screen.findByLabelText("Email"), "who@harbour.example");
  await app.user.click(screen.getByRole("button", { name: "Send the link" }));
  expect(await screen.findByText(/^If who@harbour.example belongs to a user/)).toBeTruthy();
});

test("an invitation asks for name and password, and leads in", async () => {
  const app = renderApp("/invite?token=invite-4", "outside");
  expect(await screen.findByRole("heading", { name: "Join Harbour Support" })).toBeTruthy();
  await app.user.type(screen.getByLabelText("New password"), "one two three");
  await app.user.click(screen.getByRole("button", { name: "Join" }));
  await waitFor(() => expect(app.router.state.location.pathname).toBe("/inbox"));
  expect(app.writes()[0]?.body).toEqual({
    token: "invite-4",
    password: "one two three",
    name: "Sana Iqbal",
  });
});

test("a link that was used says so, and what to do", async () => {
  renderApp("/reset?token=gone", "outside");
  expect(await screen.findByText("This link no longer works")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Send a new link" })).toBeTruthy();
});

test("the first run goes from nothing to an inbox that can receive", async () => {
  const app = renderApp("/", "setup");
  await app.user.type(await screen.findByLabelText("Account name"), "Harbour");
  await app.user.click(screen.getByRole("button", { name: "Continue" }));
  await app.user.type(await screen.findByLabelText("Your name"), "Anna Keller");
  await app.user.type(screen.getByLabelText("Email"), "anna@harbour.example");
  await app.user.type(screen.getByLabelText("Password"), "short");
  await app.user.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findByText(/Use at least 10 characters/)).toBeTruthy();
  await app.user.type(screen.getByLabelText("Password"), " but longer");
  await app.user.click(screen.getByRole("button", { name: "Create account" }));

  await app.user.click(await screen.findByRole("button", { name: "Continue" }));
  await app.user.type(await screen.findByLabelText("Email address"), "support@harbour.example");
  await app.user.type(screen.getByLabelText("Sender name"), "Harbour Support");
  await app.user.click(screen.getByRole("button", { name: "Connect" }));

  const forward = await screen.findByLabelText<HTMLInputElement>("Forward mail to");
  expect(forward.value).toBe(app.state.channels[0]?.forward_address);
  expect(app.state.channels[0]).toMatchObject({
    name: "Harbour Support",
    address: "support@harbour.example",
    inbox_id: app.state.inboxes[0]?.id,
  });
});

test("set-up is over once there is an account", async () => {
  const app = renderApp("/setup", "full");
  await waitFor(() => expect(app.router.state.location.pathname).toBe("/inbox"));
});

test.each([
  ["/inbox?c=4", { return: "/inbox?c=4" }],
  ["https://evil.example", {}],
  ["//evil.example", {}],
  ["/\\evil.example", {}],
  [7, {}],
])("the way back from sign-in leads only into the app: %s", (to, found) => {
  expect(returnSearch({ return: to })).toEqual(found);
});
