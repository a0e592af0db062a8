// A number at a provider becomes a channel, by what the settings say alone.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { audit } from "../harness/axe.mjs";
import { account, startCarrier } from "../harness/carrier.mjs";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";

const shop = "+14155550100";
const ada = "+14155550123";

const set = stage({ PARLEY_ALLOW_PRIVATE: "127.0.0.1" });
let carrier;
before(async () => {
  carrier = await startCarrier(
    { number: shop, name: "Shop", mms: true },
    { number: "+14155550101", name: "(415) 555-0101" },
  );
});
after(() => carrier?.stop());

async function fillIn(page) {
  const form = page.getByRole("dialog", { name: "New SMS channel" });
  await form.getByRole("combobox", { name: "Provider" }).click();
  await page.getByRole("option", { name: /^Twilio/ }).click();
  await form.getByLabel("Account SID").fill(account.sid);
  await form.getByLabel("Auth token").fill("another token");
  await form.getByLabel("API address").fill(carrier.url);
  return form;
}

journey(set, "a number becomes a channel, hears its first text and sends one", async () => {
  const office = await set.office();
  const page = await set.visit("/settings/channels", { as: office.owner, office });
  await page.getByRole("link", { name: "New channel" }).first().click();
  await page.getByRole("link", { name: /^SMS/ }).click();
  const form = await fillIn(page);

  // The provider does not know us: its words stand with the keys, and the rest stays.
  await form.getByRole("button", { name: "Choose from your account" }).click();
  await form.getByRole("alert").filter({ hasText: "does not know us" }).waitFor();
  await form.getByLabel("Auth token").fill(account.token);
  await form.getByRole("button", { name: "Choose from your account" }).click();
  await form.getByRole("radio", { name: "+1 415 555 0100" }).click();
  assert.equal(await form.getByLabel("Channel name").inputValue(), "Shop");
  const found = await audit(page);
  await form.getByRole("button", { name: "Create channel" }).click();

  const setup = page.getByRole("dialog", { name: "Finish setting up" });
  const address = await setup.getByLabel("Webhook address").inputValue();
  const received = setup.getByRole("status");
  await received.filter({ hasText: "Never" }).waitFor();
  await setup.getByText("Works", { exact: true }).waitFor();
  found.push(...(await audit(page)));
  assert.deepEqual(found, []);
  await carrier.write(address, ada, shop, "Are you open on Sunday?");
  await received.filter({ hasText: "this minute" }).waitFor();

  const send = setup.getByRole("button", { name: "Send test text" });
  await setup.getByLabel("To number").fill("+15005521610");
  await send.click();
  await setup.getByRole("alert").filter({ hasText: "unsubscribed recipient (21610)" }).waitFor();
  await setup.getByLabel("To number").fill("(415) 555-0177");
  await send.click();
  await setup.getByText("The provider took it").waitFor();
  assert.equal((await carrier.shown("+14155550177")).from, shop);

  await setup.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("link", { name: /^Shop/ });
  await row.filter({ hasText: "Last text this minute" }).waitFor();
  await row.filter({ hasText: "+1 415 555 0100 · Twilio → Support" }).waitFor();

  // The number is in use now, and says so.
  await page.goto("/settings/channels?item=new&type=sms");
  const another = await fillIn(page);
  await another.getByLabel("Auth token").fill(account.token);
  await another.getByRole("button", { name: "Choose from your account" }).click();
  assert.ok(await another.getByRole("radio", { name: "+1 415 555 0100" }).isDisabled());

  await page.goto("/inbox");
  await new Desk(page).shows("Are you open on Sunday?");
});
