import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderApp } from "@/test/app";

const dialog = async (name: string | RegExp) => within(await screen.findByRole("dialog", { name }));

async function newNumber(change?: Parameters<typeof renderApp>[2]) {
  const app = renderApp("/settings/channels?item=new&type=sms", "numbers", change);
  const form = await dialog("New SMS channel");
  await form.findByRole("combobox", { name: "Provider" }, { timeout: 5000 });
  return { app, form };
}

type Open = Awaited<ReturnType<typeof newNumber>>;

async function choose({ app, form }: Open, name: string, option: RegExp) {
  await app.user.click(form.getByRole("combobox", { name }));
  await app.user.click(await screen.findByRole("option", { name: option }));
}

async function twilio(token = "token") {
  const open = await newNumber();
  await choose(open, "Provider", /^Twilio/);
  await open.app.user.type(open.form.getByLabelText("Account SID"), "AC1");
  await open.app.user.type(open.form.getByLabelText("Auth token"), token);
  return open;
}

test("a new channel is asked for its type first", async () => {
  const app = renderApp("/settings/channels", "numbers");
  await app.user.click(await screen.findByRole("link", { name: "New channel" }));
  const choice = await dialog("New channel");
  expect(choice.getByRole("link", { name: /^Email/ })).toBeTruthy();
  await app.user.click(choice.getByRole("link", { name: /^SMS/ }));
  expect(await screen.findByRole("dialog", { name: "New SMS channel" })).toBeTruthy();
});

test("each provider is asked for what it needs, and nothing typed is lost on the way", async () => {
  const open = await twilio();
  const { form } = open;
  const token = form.getByLabelText("Auth token");
  expect(token).toHaveProperty("type", "password");
  expect(token.getAttribute("aria-describedby")).toBeTruthy();
  await choose(open, "Provider", /^SMPP/);
  expect(form.queryByLabelText("Auth token")).toBeNull();
  expect(form.queryByRole("button", { name: "Choose from your account" })).toBeNull();
  expect(form.getByRole("combobox", { name: "Default alphabet" })).toBeTruthy();
  await choose(open, "Provider", /^Another provider/);
  expect(form.getByLabelText(/^Headers/).tagName).toBe("TEXTAREA");
  expect(form.getByText(/\{\{to\}\}, \{\{from\}\}/)).toBeTruthy();
  await choose(open, "Provider", /^Twilio/);
  expect(form.getByLabelText("Account SID")).toHaveProperty("value", "AC1");
});

test("the number is chosen from the account, where those in use or without SMS can't be", async () => {
  const { app, form } = await twilio();
  await app.user.click(form.getByRole("button", { name: "Choose from your account" }));
  const shop = await form.findByRole("radio", { name: "+1 415 555 0100" });
  const disabled = (name: string) =>
    form.getByRole("radio", { name }).getAttribute("aria-disabled") === "true";
  expect(disabled("+1 415 555 0199")).toBe(true);
  expect(form.getByText("Repairs · SMS · MMS · A channel has it already")).toBeTruthy();
  expect(disabled("+44 207 946 0123")).toBe(true);
  expect(form.getByText("London desk · Can’t text")).toBeTruthy();
  await app.user.click(shop);
  expect(form.getByLabelText("Number")).toHaveProperty("value", "+14155550100");
  expect(form.getByLabelText("Channel name")).toHaveProperty("value", "Shop");
});

test("what the provider says of the keys stands with them", async () => {
  const { app, form } = await twilio("wrong");
  await app.user.click(form.getByRole("button", { name: "Choose from your account" }));
  expect((await form.findByRole("alert")).textContent).toMatch(/Twilio does not know us/);
  await app.user.clear(form.getByLabelText("Auth token"));
  await app.user.click(form.getByRole("button", { name: "Choose from your account" }));
  expect(await form.findByText("Enter this: Auth token.")).toBeTruthy();
  await app.user.type(form.getByLabelText("Auth token"), "token");
  await app.user.click(form.getByRole("button", { name: "Choose from your account" }));
  expect(await form.findByRole("radio", { name: "+1 415 555 0100" })).toBeTruthy();
  expect(form.queryByRole("alert")).toBeNull();
});

test("faults stand beside their fields, also those that were folded, and nothing is lost", async () => {
  const { app, form } = await twilio();
  await app.user.type(form.getByLabelText("Channel name"), "Texts");
  await app.user.type(form.getByLabelText("Number"), "12");
  await app.user.click(form.getByRole("button", { name: "More settings" }));
  await app.user.type(form.getByLabelText(/^From/), "21:00");
  await app.user.click(form.getByRole("button", { name: "More settings" }));
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  await waitFor(() =>
    expect(form.getByLabelText("Number").getAttribute("aria-invalid")).toBe("true"),
  );
  const until = form.getByLabelText(/^To/);
  expect(until.getAttribute("aria-invalid")).toBe("true");
  expect(form.getByText("Enter a time such as 21:00, both or neither.")).toBeTruthy();
  expect(until.closest("[hidden]")).toBeNull();
  expect(form.getByLabelText("Auth token")).toHaveProperty("value", "token");
  expect(form.getByLabelText("Channel name")).toHaveProperty("value", "Texts");
});

test("a channel is made with all that was asked, and goes on to its set-up", async () => {
  const open = await twilio();
  const { app, form } = open;
  await app.user.type(form.getByLabelText("Channel name"), "Texts");
  await app.user.type(form.getByLabelText("Number"), "+1 415 555 0100");
  await choose(open, "Route new conversations to", /^Billing/);
  await app.user.click(form.getByRole("button", { name: "More settings" }));
  await app.user.type(form.getByLabelText(/^Texts a second/), "0.5");
  await app.user.type(form.getByLabelText(/^Price of a segment/), "0,0079");
  await app.user.type(form.getByRole("combobox", { name: /^Currency/ }), "USD");
  await app.user.click(await screen.findByRole("option", { name: /^USD/ }));
  await app.user.click(form.getByRole("radio", { name: "Reopens it within some days" }));
  await app.user.clear(form.getByLabelText("Days"));
  await app.user.type(form.getByLabelText("Days"), "14");
  expect(form.getByRole("radio", { name: "Twilio" }).getAttribute("aria-checked")).toBe("true");
  await app.user.click(form.getByRole("radio", { name: "Parley" }));
  await app.user.type(form.getByLabelText(/^Answer to STOP/), "Bye");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  const setup = await dialog("Finish setting up");
  expect(app.writes().at(-1)?.body).toEqual({
    ...{ type: "sms", name: "Texts", number: "+1 415 555 0100", inbox_id: 2, provider: "twilio" },
    settings: {
      ...{ account_sid: "AC1", auth_token: "token", messaging_service_sid: "", api_base: "" },
    },
    ...{ region: "NL", rate: 0.5, price: "0.0079", currency: "USD", reopen_days: 14 },
    ...{ provider_answers: false, stop_text: "Bye", start_text: "", help_text: "" },
    ...{ quiet_from: "", quiet_to: "" },
  });
  expect(setup.getByLabelText("Webhook address")).toHaveProperty(
    "value",
    "https://parley.example/hooks/k7Qz3mWv4LbR8nHs1DfGpA",
  );
  expect(setup.getByText(/A message comes in/)).toBeTruthy();
});

test("a number brings its inbox along", async () => {
  const { app, form } = await newNumber((state) => {
    state.inboxes = [];
  });
  await app.user.type(form.getByLabelText("Channel name"), "Texts");
  expect(await form.findByLabelText("Name of the new inbox")).toHaveProperty("value", "Texts");
  await app.user.click(form.getByRole("combobox", { name: "Provider" }));
  await app.user.click(await screen.findByRole("option", { name: /^Twilio/ }));
  await app.user.type(form.getByLabelText("Account SID"), "AC1");
  await app.user.type(form.getByLabelText("Auth token"), "token");
  await app.user.type(form.getByLabelText("Number"), "+1 415 555 0100");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  await dialog("Finish setting up");
  expect(app.state.inboxes).toMatchObject([{ name: "Texts" }]);
  expect(app.state.channels.at(-1)?.inbox_id).toBe(app.state.inboxes[0]?.id);
});

test("a price needs its currency", async () => {
  const { app, form } = await twilio();
  await app.user.type(form.getByLabelText("Channel name"), "Texts");
  await app.user.type(form.getByLabelText("Number"), "+1 415 555 0100");
  await app.user.click(form.getByRole("button", { name: "More settings" }));
  await app.user.type(form.getByLabelText(/^Price of a segment/), "0.01");
  await app.user.click(form.getByRole("button", { name: "Create channel" }));
  expect(await form.findByText("Choose the currency of the price.")).toBeTruthy();
});

test("what is answered to STOP is counted while it is written", async () => {
  const { app, form } = await twilio();
  await app.user.click(form.getByRole("button", { name: "More settings" }));
  await app.user.click(form.getByRole("radio", { name: "Parley" }));
  const stop = form.getByLabelText(/^Answer to STOP/);
  const says = () => document.getElementById(`${stop.id}-hint`)?.textContent;
  expect(stop.getAttribute("placeholder")).toMatch(/: you have opted out/);
  await app.user.type(stop, "Bye");
  expect(says()).toBe("1 segment · 3 of 160");
  await app.user.type(stop, " 👋");
  expect(says()).toBe("1 segment · 6 of 70 · only 70 characters each, because of 👋");
});

test("the first text is told of by itself", async () => {
  const app = renderApp("/settings/channels?item=4&setup=true", "numbers", (state) => {
    for (const one of state.channels) one.last_inbound_at = null;
  });
  const setup = await dialog("Finish setting up");
  await waitFor(() => expect(setup.getByRole("status").textContent).toBe("Never"));
  for (const one of app.state.channels) one.last_inbound_at = new Date().toISOString();
  await waitFor(() => expect(setup.getByRole("status").textContent).toBe("this minute"), {
    timeout: 8000,
  });
});

test("the address is copied at one press", async () => {
  const app = renderApp("/settings/channels?item=4&setup=true", "numbers");
  const copy = vi.spyOn(navigator.clipboard, "writeText");
  const setup = await dialog("Finish setting up");
  await app.user.click(await setup.findByRole("button", { name: "Copy" }));
  expect(copy).toHaveBeenCalledWith("https://parley.example/hooks/k7Qz3mWv4LbR8nHs1DfGpA");
});

test("an address that no provider can reach says so", async () => {
  renderApp("/settings/channels?item=4&setup=true", "numbers", (state) => {
    for (const one of state.channels) one.webhook_url = "http://127.0.0.1:8080/hooks/k7";
  });
  const setup = await dialog("Finish setting up");
  expect(await setup.findByText(/Start Parley with --base-url/)).toBeTruthy();
});

test("a test text that leaves says so, and one that does not has the carrier's words", async () => {
  const app = renderApp("/settings/channels?item=4&setup=true", "numbers");
  const setup = await dialog("Finish setting up");
  const send = setup.getByRole("button", { name: "Send test text" });
  await app.user.click(send);
  expect(await setup.findByText("Enter the number of a phone at hand.")).toBeTruthy();
  const to = setup.getByLabelText("To number");
  await app.user.type(to, "hello");
  await app.user.click(send);
  expect(await setup.findByText(/This is not a telephone number/)).toBeTruthy();
  await app.user.clear(to);
  await app.user.type(to, "+14155550123");
  await app.user.click(send);
  expect(await setup.findByText("The recipient has opted out by writing STOP.")).toBeTruthy();
  await app.user.clear(to);
  await app.user.type(to, "+14155550177");
  await app.user.click(send);
  expect(await setup.findByText(/The provider took it/)).toBeTruthy();
  expect(setup.queryByText(/opted out/)).toBeNull();
});

test("over SMPP the session stands in place of an address", async () => {
  const error = "smpp.carrier.example refuses the bind: the password is wrong.";
  renderApp("/settings/channels?item=6&setup=true", "numbers", (state) => {
    const one = state.channels.find(({ id }) => id === 6);
    if (one) one.incoming = { ...one.incoming, state: "failed", error };
  });
  const setup = await dialog("Finish setting up");
  expect(await setup.findByText("Session")).toBeTruthy();
  expect(setup.getByText(error)).toBeTruthy();
  expect(setup.queryByLabelText("Webhook address")).toBeNull();
});

test("a number is changed: it stays, and so does a secret that is not typed", async () => {
  const app = renderApp("/settings/channels?item=4", "numbers");
  const form = await dialog("Repairs by text");
  const token = await form.findByLabelText(/^Auth token/, undefined, { timeout: 5000 });
  expect(token).toHaveProperty("value", "");
  expect(form.getByText("Saved. Leave it empty to keep it.")).toBeTruthy();
  expect(form.getByLabelText("Number")).toHaveProperty("value", "+1 415 555 0199");
  expect(form.getByLabelText("Number")).toHaveProperty("readOnly", true);
  await app.user.click(form.getByRole("switch", { name: "Channel is on" }));
  await app.user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.toasts()).toContain("Channel saved."));
  expect(app.writes().at(-1)?.body).toMatchObject({
    ...{ disabled: true, reopen_days: -1, quiet_from: "21:00", quiet_to: "08:00", rate: 1 },
    settings: { account_sid: `AC${"0".repeat(32)}` },
  });
  expect(JSON.stringify(app.writes().at(-1)?.body)).not.toContain("auth_token");
});

test("for another server a secret is asked anew", async () => {
  const app = renderApp("/settings/channels?item=4", "numbers");
  const form = await dialog("Repairs by text");
  await form.findByText("Saved. Leave it empty to keep it.", undefined, { timeout: 5000 });
  await app.user.type(form.getByLabelText(/^API address/), "https://sms.example");
  expect(form.queryByText("Saved. Leave it empty to keep it.")).toBeNull();
  await app.user.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText("Enter this: Auth token.")).toBeTruthy();
});

test("deleting a number says what becomes of it", async () => {
  const app = renderApp("/settings/channels?item=4", "numbers");
  await app.user.click((await dialog("Repairs by text")).getByRole("button", { name: "Delete" }));
  const question = within(await screen.findByRole("alertdialog"));
  expect(question.getByText(/Texts to \+1 415 555 0199 are refused/)).toBeTruthy();
  await app.user.click(question.getByRole("button", { name: "Delete channel" }));
  await waitFor(() => expect(app.state.channels.map(({ id }) => id)).toEqual([1, 5, 6]));
});

test("the list shows several numbers, each with its provider, its inbox and how it fares", async () => {
  renderApp("/settings/channels", "numbers");
  const list = within(await screen.findByRole("list", { name: "Channels" }));
  expect(await list.findByText("+1 415 555 0199 · Twilio → Support")).toBeTruthy();
  const row = (name: RegExp) => list.getByRole("link", { name }).textContent;
  expect(row(/Repairs by text/)).toMatch(/Last text/);
  expect(row(/Wholesale texts/)).toMatch(/Can’t send texts.*Telnyx → Wholesale/);
  expect(row(/Alerts/)).toMatch(/No text yet.*24680 · SMPP → Billing/);
});

test("the check-list leads to the form of a number, and does not wait for it", async () => {
  const app = renderApp("/welcome?step=done", "full");
  expect(await screen.findByText("5 of 5 done")).toBeTruthy();
  await app.user.click(screen.getByRole("link", { name: /Add a number for SMS/ }));
  expect(await screen.findByRole("dialog", { name: "New SMS channel" })).toBeTruthy();
});
