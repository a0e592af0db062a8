// Several people at one inbox, each in a browser of their own.
import assert from "node:assert/strict";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

/** An office with a first mail, and two colleagues looking at it. */
async function open() {
  const office = await set.office();
  await office.ask("POST", "/inboxes", { name: "Workshop" });
  const amy = await office.colleague("Amy Agent");
  const ada = office.customer("Ada Customer");
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  const [hers, owners] = await Promise.all(
    [amy, office.owner].map(async (as) => new Desk(await set.visit("/inbox", { as, office }))),
  );
  await Promise.all([hers.open("Which bell fits?"), owners.open("Which bell fits?")]);
  return { office, ada, amy, hers, owners };
}

journey(set, "two browsers see each other's changes", async () => {
  const { ada, hers, owners } = await open();
  // Amy takes it; the owner sees it in the header, in the timeline and in the row.
  await hers.choose(hers.action(/Choose an assignee/), "Me");
  await owners.action("Assigned to Amy Agent. Change assignee").waitFor();
  await owners.messages.getByText("Amy Agent took this conversation").waitFor();
  await owners.row(/Assigned to Amy Agent/).waitFor();
  // Her note, in its own colour.
  await hers.addNote("Ask the workshop.");
  await (await owners.message("Ask the workshop.")).getByText("Internal note").waitFor();
  // A new mail, in both.
  await ada.write({ subject: "Another question", text: "About wheels." });
  await Promise.all([hers, owners].map((desk) => desk.row("Another question").waitFor()));
  // Her answer, and its way out.
  await hers.answer("The brass one does.");
  await (await owners.message("The brass one does.")).locator("[data-delivery=sent]").waitFor();
  assert.doesNotMatch((await ada.receive()).raw, /workshop/);
  // Moved, it changes its inbox for both.
  await hers.choose(hers.action("Move to another inbox"), "Workshop");
  await owners.messages.getByText("Amy Agent moved this to Workshop").waitFor();
  await owners.row(/Which bell fits\?.*Workshop/).waitFor();
  // Closed, it leaves the owner's list; reopened, it is back.
  await hers.action("Close").click();
  await owners.shows("Another question");
  await owners.action("Reopen").waitFor();
  await owners.action("Reopen").click();
  await hers.action("Close").waitFor();
  await owners.row("Which bell fits?").waitFor();
});

journey(set, "a note looks different, and never leaves", async () => {
  const { ada, owners } = await open();
  await owners.answer("The brass one does.");
  await owners.addNote("He pays late.");
  const colour = async (text) =>
    (await owners.message(text)).evaluate((card) => getComputedStyle(card).backgroundColor);
  assert.notEqual(await colour("He pays late."), await colour("The brass one does."));
  await (await owners.message("He pays late.")).getByText("visible to your team only").waitFor();
  const first = await ada.receive();
  await ada.answer(first, { text: "Thank you." });
  await owners.message("Thank you.");
  await owners.answer("You are welcome.");
  assert.doesNotMatch((await ada.receive()).raw, /pays late/);
});

journey(set, "a send is held when something newer has arrived", async () => {
  const { ada, hers, owners } = await open();
  await hers.write("From Amy.");
  await owners.addNote("I am on it.");
  await hers.message("I am on it.");
  await hers.reply.getByRole("button", { name: /^Send/ }).first().click();
  const held = hers.reply.getByRole("alert");
  await held.getByText("Not sent yet: something newer has arrived").waitFor();
  await held.getByText(/Olive Owner added a note: I am on it\./).waitFor();
  assert.equal(set.relay.waiting(ada.address), 0);
  // Both texts are there, and she decides.
  const field = hers.reply.getByRole("textbox", { name: "Message" });
  assert.match(await field.textContent(), /From Amy\./);
  await held.getByRole("button", { name: "Send anyway" }).click();
  assert.match((await ada.receive()).text, /From Amy\./);
});

journey(set, "a draft survives a reload and a second tab", async () => {
  const { office, amy, ada, hers } = await open();
  await hers.write("Half a sentence");
  await hers.reply.locator("[data-draft=saved]").waitFor();
  await hers.page.reload();
  const field = hers.reply.getByRole("textbox", { name: "Message" });
  const resume = hers.thread.getByRole("button", { name: /Half a sentence/ });
  await resume.or(field).first().waitFor();
  if (await resume.isVisible()) await resume.click();
  await until("the draft is back", async () => /Half a sentence/.test(await field.textContent()));

  // A second device has it too, and what is written there reaches the first.
  const second = new Desk(await set.visit("/inbox", { as: amy, office }));
  await second.open("Which bell fits?");
  await second.thread.getByRole("button", { name: /Half a sentence/ }).click();
  const other = second.reply.getByRole("textbox", { name: "Message" });
  await other.fill("Half a sentence, and the rest.");
  await second.send();
  assert.match((await ada.receive()).text, /and the rest/);
  // Nobody else sees it.
  const owner = await office.timeline((await office.conversations("view=all_open"))[0]);
  assert.ok(!JSON.stringify(owner).includes('Half a sentence"'));
});

journey(set, "who may see one inbox finds no trace of the others", async () => {
  const office = await set.office();
  const wages = await office.ask("POST", "/inboxes", { name: "Wages" });
  const secret = await office.connect("wages", wages);
  const amy = await office.colleague("Amy Agent", { inboxes: [office.inbox] });
  await office.customer("Ada Customer", secret).write({ subject: "My wages", text: "Of May." });
  await office.customer("Bert Customer").write({ subject: "A bell", text: "For my bike." });
  const owners = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await owners.shows("A bell", "My wages");
  const hers = new Desk(await set.visit("/inbox", { as: amy, office }));
  await hers.shows("A bell");
  await office.customer("Cora Customer", secret).write({ subject: "More wages", text: "Of June." });
  await owners.row("More wages").waitFor();
  await office.customer("Dora Customer").write({ subject: "A lamp", text: "For my bike." });
  await hers.shows("A lamp", "A bell");
  await hers.search.fill("wages");
  await hers.page.getByText("Nothing in this view matches “wages”.").waitFor();
  const [hidden] = await office.conversations(`view=all_open&inbox_id=${wages.id}`);
  await hers.page.goto(`/inbox?c=${hidden.id}`);
  await hers.page.getByText(/no longer here for you|does not exist/).waitFor();
  assert.equal(await hers.page.getByText("Wages").count(), 0);
});
