import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ago, contact } from "@/test/mail";
import type { State } from "@/test/server";
import { openTexts, prepareInbox } from "@/test/text-inbox";
import { ada, optOut, textId } from "@/test/text-samples";

prepareInbox();

/** The dialog for a new conversation, with the number as its channel. */
async function begin(change?: (state: State) => void) {
  const app = await openTexts(change);
  await app.user.keyboard("c");
  const dialog = within(await screen.findByRole("dialog", { name: "New conversation" }));
  await choose(app.user, dialog, /^Texts · \+1 415 555 0100/);
  const started = () =>
    app.writes().find(({ path, method }) => path === "/conversations" && method === "POST")?.body;
  return { ...app, dialog, started };
}

type App = Awaited<ReturnType<typeof openTexts>>;
type Inside = ReturnType<typeof within>;

async function choose(user: App["user"], dialog: Inside, name: RegExp) {
  await user.click(await dialog.findByRole("combobox", { name: "From" }));
  await user.click(await screen.findByRole("option", { name }));
}

async function find(app: Awaited<ReturnType<typeof begin>>, typed: string, name: RegExp) {
  await app.user.type(await app.dialog.findByRole("combobox", { name: "To" }), typed);
  return app.dialog.findByRole("option", { name });
}

test("by text the open conversation of the number is gone on with", async () => {
  const app = await begin();
  await find(app, "moreno", /Ada Moreno/);
  await app.user.keyboard("{Enter}");
  await app.dialog.findByRole("button", { name: "Remove Ada Moreno" });
  await app.user.click(app.dialog.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(app.started()).toEqual({ channel_id: 20, contact_id: textId, to: [{ phone: ada }] });
});

test("who has opted out, or has no number, can't be chosen, and it is said why", async () => {
  const app = await begin((state) => {
    optOut(state);
    state.mail.contacts.push(contact({ id: 71, name: "Bo Mail", phones: [] }));
  });
  const ada = await find(app, "moreno", /Ada Moreno.*Has opted out of texts/);
  expect(ada.getAttribute("aria-disabled")).toBe("true");
  await app.user.clear(app.dialog.getByRole("combobox", { name: "To" }));
  const bo = await find(app, "Bo Mail", /Bo Mail.*Has no phone number/);
  expect(bo.getAttribute("aria-disabled")).toBe("true");
});

test("of several numbers one is chosen, those that have opted out can't be", async () => {
  const app = await begin((state) => {
    const phones = ["+14155550171", "+14155550172", "+14155550173"];
    const one = contact({ id: 72, name: "Cy Many", phones });
    Object.assign(one.phone_states[0] ?? {}, { opted_out_at: ago(5) });
    state.mail.contacts.push(one);
  });
  await app.user.click(await find(app, "many", /Cy Many/));
  const number = await app.dialog.findByRole("combobox", { name: "Number" });
  await waitFor(() => expect(number.textContent).toContain("+1 415 555 0172"));
  await app.user.click(number);
  const out = await screen.findByRole("option", { name: /\+1 415 555 0171/ });
  expect(out.getAttribute("aria-disabled")).toBe("true");
  await app.user.click(screen.getByRole("option", { name: /\+1 415 555 0173/ }));
  await app.user.click(app.dialog.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(app.started()).toMatchObject({ to: [{ phone: "+14155550173" }] }));
});

test("who is new is created with their number", async () => {
  const app = await begin();
  await app.user.click(await find(app, "Dee New", /Create “Dee New”/));
  const phone = app.dialog.getByRole("textbox", { name: "Phone number" });
  await app.user.type(phone, "abc");
  await app.user.click(app.dialog.getByRole("button", { name: "Start" }));
  expect((await app.dialog.findByRole("alert")).textContent).toMatch(/with its country/);
  await app.user.clear(phone);
  await app.user.type(phone, "+14155550199");
  await app.user.click(app.dialog.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(app.started()).toMatchObject({ to: [{ phone: "+14155550199" }] }));
  const made = app.state.mail.contacts.at(-1);
  expect(made).toMatchObject({ name: "Dee New", phones: ["+14155550199"], emails: [] });
});

test("digits are the beginning of a number, and it is said what is missing of it", async () => {
  const app = await begin();
  await app.user.click(await find(app, "0123", /Create “0123”/));
  const phone = app.dialog.getByRole<HTMLInputElement>("textbox", { name: "Phone number" });
  expect(phone.value).toBe("0123");
  expect(app.dialog.getByRole<HTMLInputElement>("textbox", { name: /^Name/ }).value).toBe("");
  expect(app.dialog.getByRole("alert").textContent).toMatch(/Digits are missing/);
  await app.user.click(app.dialog.getByRole("button", { name: "Choose a known contact instead" }));
  expect(await app.dialog.findByRole("combobox", { name: "To" })).toBeTruthy();
  expect(app.dialog.queryByRole("alert")).toBeNull();
});

test("another channel asks again where they can be reached", async () => {
  const app = await begin((state) => {
    state.mail.contacts.push(contact({ id: 73, name: "Flo Phone", emails: [], phones: [ada] }));
  });
  await app.user.click(await find(app, "flo", /Flo Phone/));
  await choose(app.user, app.dialog, /^Support email/);
  expect((await app.dialog.findByRole("alert")).textContent).toMatch(/no email address/);
  await app.user.click(app.dialog.getByRole("button", { name: "Start" }));
  expect(app.started()).toBeUndefined();
});
