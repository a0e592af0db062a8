import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ago, phoneState } from "@/test/mail";
import { openTexts, prepareInbox } from "@/test/text-inbox";
import { ada, optOut } from "@/test/text-samples";

prepareInbox();

const readable = "+1 415 555 0123";

type App = Awaited<ReturnType<typeof openTexts>>;

/** What can be done with the number, in the contact's panel. */
async function menu({ user }: App, name: string) {
  await user.click(await screen.findByRole("button", { name: `More for ${readable}` }));
  await user.click(await screen.findByRole("menuitem", { name }));
  return within(await screen.findByRole("dialog"));
}

test("a contact is opted out by hand, and what they said is kept", async () => {
  const app = await openTexts();
  const dialog = await menu(app, "Opt out…");
  await app.user.type(dialog.getByRole("textbox", { name: /^What they said/ }), "On the phone");
  await app.user.click(dialog.getByRole("button", { name: "Opt out" }));
  await screen.findByRole("region", { name: `${readable} has opted out of texts` });
  const panel = within(screen.getByRole("complementary", { name: "Contact" }));
  expect(panel.getByText(/^Opted out of texts/)).toBeTruthy();
  expect(await panel.findByText("Anna Keller noted it")).toBeTruthy();
  const said = app.writes().find(({ path }) => path.endsWith("/opt-out"))?.body;
  expect(said).toMatchObject({ phone: ada, evidence: expect.stringMatching(/^On the phone/) });
});

test("the history of a number tells who said what, and when", async () => {
  const app = await openTexts(optOut);
  const dialog = await menu(app, "History");
  expect(await dialog.findByText("They texted “STOP”")).toBeTruthy();
  expect(dialog.getByText("Opted out")).toBeTruthy();
  const link = dialog.getByRole("link", { name: "Download all consents" });
  expect(link.getAttribute("href")).toBe("/api/v1/consents.csv");
});

test("the history of a number that is written in another way is found by its E.164", async () => {
  const written = "(415) 555-0123";
  const app = await openTexts((state) => {
    optOut(state);
    const one = state.mail.contacts.at(-1);
    if (!one) return;
    one.phones = [written];
    one.phone_states = [phoneState(ada, { phone: written, opted_out_at: ago(30) })];
  });
  const panel = within(screen.getByRole("complementary", { name: "Contact" }));
  expect(await panel.findByText("They texted “STOP”")).toBeTruthy();
  await app.user.click(panel.getByRole("button", { name: "More for +1 415 555 0123" }));
  await app.user.click(await screen.findByRole("menuitem", { name: "History" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("They texted “STOP”")).toBeTruthy();
});

test("a number that texts do not reach says since when and why", async () => {
  await openTexts((state) => {
    const one = state.mail.contacts.at(-1);
    const lost = { unreachable_at: ago(50), unreachable_reason: "no_such_number" };
    if (one) one.phones = ["(415) 555-0123"];
    if (one) one.phone_states = [phoneState(ada, { phone: "(415) 555-0123", ...lost })];
  });
  await waitFor(() =>
    expect(screen.getByText(/^Did not arrive .*the number is not in service/)).toBeTruthy(),
  );
});

test("a number ends as another does, and is another one all the same", async () => {
  const app = await openTexts((state) => {
    const one = state.mail.contacts.at(-1);
    const london = phoneState("+444155550123", { opted_out_at: ago(50) });
    if (one) one.phones.push("4155550123");
    one?.phone_states.push({ ...london, phone: "4155550123" });
  });
  expect(await screen.findByText(/^Opted out of texts/)).toBeTruthy();
  expect(screen.queryByRole("region", { name: /has opted out of texts/ })).toBeNull();
  const dialog = await menu(app, "Opt out…");
  expect(dialog.getByRole("button", { name: "Opt out" })).toBeTruthy();
});
