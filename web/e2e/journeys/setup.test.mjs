// From an empty installation to a first mail; invitations and passwords by mail.
import assert from "node:assert/strict";
import { audit } from "../harness/axe.mjs";
import { Desk } from "../harness/desk.mjs";
import { Customer } from "../harness/mail.mjs";
import { ask } from "../harness/office.mjs";
import { password } from "../harness/server.mjs";
import { journey, stage } from "../harness/stage.mjs";

const set = stage();
const link = (mail) => mail.text.match(/https?:\/\/\S+/)[0];

journey(set, "from nothing to the first mail", async () => {
  const page = await set.visit("/");
  await page.waitForURL("**/setup");
  await page.getByLabel("Account name").fill("Harbour Bikes");
  const found = await audit(page);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Your name").fill("Olive Owner");
  found.push(...(await audit(page)));
  assert.deepEqual(found, []);
  await page.getByLabel("Email").fill("olive@harbour.example");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();

  await page.waitForURL("**/welcome*");
  await page.getByLabel("Inbox name").fill("Support");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Email address").fill("support@harbour.example");
  await page.getByLabel("Sender name").fill("Harbour Bikes");
  await page.getByRole("button", { name: "Connect" }).click();
  const forward = await page.getByLabel("Forward mail to").inputValue();
  assert.match(forward, /@in\.harbour\.example$/);

  const channel = { address: "support@harbour.example", forward_address: forward };
  const ada = new Customer({ ...set, channel, name: "Ada Customer" });
  await page.getByRole("link", { name: "Open the inbox" }).click();
  const desk = new Desk(page);
  await page.getByRole("heading", { level: 1, name: "All open" }).waitFor();
  await ada.write({ subject: "Which bell fits?", text: "My handlebar is 31.8 mm." });
  await desk.shows("Which bell fits?");

  // Out, and in again by the door.
  await page.getByRole("button", { name: /account and sign-out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in*");
  await page.getByLabel("Email").fill("olive@harbour.example");
  await page.getByLabel("Password").fill("not the right one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await desk.shows("Which bell fits?");
});

journey(set, "an invitation arrives by mail and lets in", async () => {
  const office = await set.office();
  const owner = await set.visit("/settings/users", { as: office.owner, office });
  await owner.getByRole("link", { name: "Invite" }).click();
  const dialog = owner.getByRole("dialog");
  await dialog.getByLabel("Email").fill(`amy@${office.domain}`);
  await dialog.getByLabel("Name").fill("Amy Agent");
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await owner.getByText("Invited", { exact: true }).waitFor();

  const mail = await set.relay.next(`amy@${office.domain}`);
  const amy = await set.visit(link(mail));
  await amy.getByRole("heading", { name: "Join Harbour Bikes" }).waitFor();
  assert.deepEqual(await audit(amy), []);
  await amy.getByLabel("New password").fill("a quiet place by the sea");
  await amy.getByRole("button", { name: "Join" }).click();
  await amy.getByRole("heading", { level: 1, name: "All open" }).waitFor();

  // The link has done its work.
  const late = await set.visit(link(mail));
  await late.getByText("This link no longer works").waitFor();
});

journey(set, "a forgotten password is chosen anew by mail", async () => {
  const office = await set.office();
  const page = await set.visit("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  // The page before it has a field of that name, too.
  await page.getByRole("button", { name: "Send the link" }).waitFor();
  await page.getByLabel("Email").fill(office.owner.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("Check your email").waitFor();
  const mail = await set.relay.next(office.owner.email);
  await page.goto(link(mail));
  await page.getByRole("button", { name: "Save and sign in" }).waitFor();
  assert.deepEqual(await audit(page), []);
  await page.getByLabel("New password").fill("a loud place by the road");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "All open" }).waitFor();
  await assert.rejects(office.signIn(office.owner), /401/);
});

journey(set, "an API token made in the settings lets a program in", async () => {
  const office = await set.office();
  const page = await set.visit("/settings/tokens", { as: office.owner, office });
  await page.getByRole("link", { name: "New token" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("Nightly export");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByRole("dialog").getByLabel("Token").inputValue();
  const me = await ask(set.server, token, "GET", "/me");
  assert.equal(me.user.email, office.owner.email);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Revoke “Nightly export”" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("Nightly export was revoked.").waitFor();
  await assert.rejects(ask(set.server, token, "GET", "/me"), /401/);
});

journey(set, "a channel answers by itself once that is switched on", async () => {
  const office = await set.office();
  for (const [name, words] of [
    ["Closed on Sundays", "We are back on Monday."],
    ["We got it", 'Hello {{ contact.first_name | default: "there" }}, we answer within a day.'],
  ]) {
    await office.ask("POST", "/canned-messages", { name, shared: true, html: `<p>${words}</p>` });
  }
  const page = await set.visit("/settings/channels", { as: office.owner, office });
  await page
    .getByRole("link", { name: /support/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("switch", { name: "Autoresponder" }).click();
  await dialog.getByRole("combobox", { name: "Answer with" }).click();
  await page.getByRole("option", { name: "We got it" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Channel saved.").waitFor();

  const ada = office.customer("Ada Customer");
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  const answer = await ada.receive();
  assert.match(answer.text, /Hello Ada, we answer within a day\./);
  assert.equal(answer.field("Auto-Submitted"), "auto-replied");
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.open("Which bell fits?");
  const card = await desk.message("Hello Ada, we answer within a day.");
  await card.getByText("Automatic", { exact: true }).waitFor();
  // It is no answer of ours: she still waits for one.
  const [row] = await office.conversations("view=all_open");
  assert.ok(row.waiting_since);
  assert.equal(row.first_response_at, null);
});

journey(set, "channels, inboxes and users are set up in the settings", async () => {
  const office = await set.office();
  const page = await set.visit("/settings/inboxes", { as: office.owner, office });
  await page.getByRole("link", { name: "New inbox" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("Workshop");
  await page.getByRole("button", { name: "Create inbox" }).click();
  await page.getByText("Inbox Workshop created.").waitFor();

  await page.goto("/settings/channels");
  await page.getByRole("link", { name: "New channel" }).first().click();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /^Email/ })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Channel name").fill("Repairs");
  await dialog.getByLabel("Email address").fill(`repairs@${office.domain}`);
  await dialog.getByRole("combobox", { name: "Route new conversations to" }).click();
  await page.getByRole("option", { name: "Workshop" }).click();
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await page.getByText("Channel created.").waitFor();
  const channels = await office.ask("GET", "/channels");
  const repairs = channels.items.find(({ name }) => name === "Repairs");
  const ada = office.customer("Ada Customer", repairs);
  await ada.write({ subject: "A flat tyre", text: "Since Monday." });

  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.row(/A flat tyre.*Workshop/).waitFor();
});
