// What letters are made of: canned messages, fields, signatures, other people's
// mails; and when they leave.
import assert from "node:assert/strict";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

/** An office whose owner has a mail of Ada's open. */
async function open(prepare = async () => undefined) {
  const office = await set.office();
  await prepare(office);
  const ada = office.customer("Ada Customer");
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.open("Which bell fits?");
  return { office, desk, ada };
}

const tool = (desk, name) => desk.reply.getByRole("button", { name });
const text = (desk) => desk.reply.getByRole("textbox", { name: "Message" });
const option = (desk, list, name) =>
  desk.page.getByRole("listbox", { name: list }).getByRole("option", { name });

/** Waits until the draft is on the server, so that nothing is under way any more. */
const saved = (desk) => desk.reply.getByText("Draft saved").waitFor();

async function addField(desk, name) {
  await tool(desk, "Insert a merge field").click();
  await option(desk, "Insert a merge field", name).click();
  await text(desk).locator("[data-merge]").last().waitFor();
}

journey(set, "a canned message goes out filled in and signed", async () => {
  const { office, desk, ada } = await open(async (office) => {
    await office.ask("POST", "/canned-messages", {
      ...{ name: "Bells in stock", shortcut: "bells", shared: true },
      html: '<p>Hello {{ contact.first_name | default: "there" }}, we have brass bells.</p>',
    });
    await office.ask("PUT", "/signatures/account/0", {
      html: "<p>Ride well,<br>{{ user.name }} of {{ account.name }}</p>",
    });
    await office.ask("PATCH", `/channels/${office.channel.id}`, { add_signature: true });
  });
  await desk.page.keyboard.press("r");
  await desk.reply.getByRole("region", { name: "Signature" }).getByText("Olive Owner").waitFor();
  await text(desk).pressSequentially("/bel");
  await option(desk, "Canned messages", /Bells in stock/).waitFor();
  await desk.page.keyboard.press("Enter");
  await text(desk).locator("[data-merge]").getByText("First name").waitFor();
  await desk.send();
  const mail = await ada.receive();
  assert.match(mail.html, /Hello Ada, we have brass bells\./);
  assert.match(mail.text, /Hello Ada, we have brass bells\.\s+-- \s+Ride well,\s+Olive Owner of/);
  await desk.message("Hello Ada, we have brass bells.");
  const { items } = await office.ask("GET", "/canned-messages");
  assert.equal(items[0].uses, 1);

  // Left out of one letter, it is in the next again.
  await desk.page.keyboard.press("r");
  await text(desk).pressSequentially("No greeting.");
  await desk.reply.getByRole("button", { name: "Leave the signature out" }).click();
  await desk.reply.getByRole("button", { name: "Add signature" }).waitFor();
  await desk.send();
  assert.doesNotMatch((await ada.receive()).raw, /Ride well/);
});

journey(set, "a field of which nothing is known is asked about, what is quoted stays", async () => {
  const { desk, ada } = await open();
  await desk.page.keyboard.press("r");
  await text(desk).pressSequentially("For {{ contact.name }} of ");
  await addField(desk, /^Company/);
  await saved(desk);
  await tool(desk, "More ways to send").click();
  await desk.page.getByRole("menuitem", { name: "Preview" }).click();
  const preview = desk.page.getByRole("dialog", { name: "What will be sent" });
  await preview.getByText("Nothing is known for: Company.").waitFor();
  await preview.getByRole("button", { name: "Close" }).click();
  await preview.waitFor({ state: "detached" });
  await tool(desk, "Send").first().click();
  await desk.reply.getByText("Nothing is known for: Company").waitFor();
  await desk.reply.getByRole("button", { name: "Go back" }).click();
  // A default of its own answers it.
  await text(desk).locator("[data-merge]").click();
  await desk.page.getByRole("textbox", { name: /^If it is empty/ }).fill("your company");
  await desk.page.getByRole("button", { name: "Done" }).click();
  await saved(desk);
  await desk.send();
  assert.match((await ada.receive()).text, /For \{\{ contact\.name \}\} of your company/);
});

journey(set, "the whole conversation can be put into a letter", async () => {
  const { desk, ada } = await open();
  await desk.addNote("He pays late.");
  await desk.answer("The brass one does.");
  await ada.receive();
  await desk.page.keyboard.press("r");
  await text(desk).pressSequentially("Once more: ");
  await addField(desk, /^Conversation history/);
  await saved(desk);
  await desk.send();
  const { text: words } = await ada.receive();
  assert.match(words, /Once more:[\s\S]*Of 31\.8 mm\.[\s\S]*The brass one does\./);
  assert.doesNotMatch(words, /He pays late/);
});

journey(set, "a chosen part of a conversation is forwarded with its files", async () => {
  const { office, desk, ada } = await open();
  const plan = Buffer.from("%PDF-1.4 the plan of a bell", "latin1");
  const [row] = await office.conversations("view=all_open");
  const [first] = (await office.timeline(row)).filter(({ kind }) => kind === "message");
  await ada.write({
    ...{ subject: "Re: Which bell fits?", text: "Here is the plan." },
    ...{ inReplyTo: `<${first.internet_id}>`, references: `<${first.internet_id}>` },
    attachments: [{ filename: "plan.pdf", content: plan, contentType: "application/pdf" }],
  });
  const card = await desk.message("Here is the plan.");
  await desk.choose(card.getByRole("button", { name: "More for this message" }), /^Forward/);
  const part = desk.reply.getByRole("region", { name: "What goes along" });
  await desk.reply.getByLabel("To", { exact: true }).waitFor();
  // Written at once, where the cursor stands, as the menu still fades away.
  await desk.page.keyboard.type("workshop@partner.example,olga@partner.example,");
  await part.getByText("one message, with 1 file.").waitFor();
  await part.getByRole("button", { name: "Choose" }).click();
  await part.getByRole("radio", { name: "The whole conversation" }).click();
  await part.getByText("the whole conversation, with 1 file.").waitFor();
  await text(desk).fill("Can you make this?");
  await saved(desk);
  await desk.reply.getByRole("button", { name: /^Put the composer away/ }).click();
  await desk.thread.getByRole("button", { name: /^Draft:/ }).click();
  await desk.reply.getByRole("button", { name: /^olga@partner.example.*Change$/ }).waitFor();
  await desk.send();
  const mail = await set.relay.next("workshop@partner.example");
  assert.equal(mail.field("Subject"), "Fwd: Which bell fits?");
  assert.match(mail.text, /Can you make this\?[\s\S]*Of 31\.8 mm\.[\s\S]*Here is the plan\./);
  assert.deepEqual(
    mail.files.map(({ filename }) => filename),
    ["plan.pdf"],
  );
});

journey(
  set,
  "an older message is answered from its own menu, though a newer one came",
  async () => {
    const { office, desk, ada } = await open();
    const [row] = await office.conversations("view=all_open");
    const [first] = (await office.timeline(row)).filter(({ kind }) => kind === "message");
    const bert = office.customer("Bert Buyer");
    const { id } = await bert.write({
      ...{ subject: "Re: Which bell fits?", text: "And who pays?", cc: "carla@buyer.example" },
      ...{ inReplyTo: `<${first.internet_id}>`, references: `<${first.internet_id}>` },
      replyTo: "bills@buyer.example",
    });
    const older = await desk.message("And who pays?");
    await ada.write({
      ...{ subject: "Re: Which bell fits?", text: "It is urgent." },
      ...{ inReplyTo: `<${first.internet_id}>`, references: `<${first.internet_id}>` },
    });
    await desk.message("It is urgent.");
    await desk.choose(older.getByRole("button", { name: "More for this message" }), "Reply to all");
    const answered = desk.reply.getByRole("region", { name: "What this answers" });
    await answered.getByText(/^Answers Bert Buyer/).waitFor();
    await text(desk).fill("You do.");
    await answered.getByRole("button", { name: "Quote it" }).click();
    await saved(desk);
    await desk.send();
    const mail = await set.relay.next("bills@buyer.example");
    assert.equal(mail.field("In-Reply-To"), id);
    assert.match(mail.field("Cc"), /carla@buyer\.example/);
    assert.match(mail.text, /You do\.[\s\S]*Bert Buyer wrote:[\s\S]*> And who pays\?/);
    assert.equal(set.relay.waiting(ada.address), 0);
  },
);

journey(set, "an answer to all reaches all, and a newcomer only when asked", async () => {
  const { office, desk } = await open();
  const bert = office.customer("Bert Buyer");
  await bert.write({
    ...{ subject: "Two wheels", text: "For the two of us." },
    cc: "carla@customer.example",
  });
  await desk.open("Two wheels");
  await desk.message("For the two of us.");
  await desk.page.keyboard.press("a");
  await desk.reply
    .getByRole("button", { name: /^carla@customer\.example/ })
    .first()
    .waitFor();
  await text(desk).fill("Both in stock.");
  await desk.send();
  const mail = await bert.receive();
  assert.match((await set.relay.next("carla@customer.example")).text, /Both in stock/);
  assert.match(mail.field("Cc"), /carla@customer\.example/);
  // Somebody new joins: answers ask before they include them.
  const dora = office.customer("Dora Dealer");
  await dora.answer(mail, { text: "May I have one, too?" });
  await desk.message("May I have one, too?");
  await desk.page.keyboard.press("r");
  await desk.reply.getByText(/Dora Dealer joined this conversation/).waitFor();
  await desk.reply.getByRole("button", { name: "Add to Cc" }).click();
  await text(desk).fill("There is a third.");
  await desk.send();
  assert.match((await dora.receive()).text, /There is a third/);
});

journey(set, "a letter waits for its time, is moved, and taken back", async () => {
  const { office, desk, ada } = await open();
  await desk.page.keyboard.press("r");
  await text(desk).fill("Happy New Year!");
  await tool(desk, "More ways to send").click();
  await desk.page.getByRole("menuitem", { name: /^Send later/ }).click();
  const when = desk.page.getByRole("dialog").getByRole("textbox", { name: "Or when" });
  await when.fill("in 3 days at 9:00");
  await desk.page
    .getByRole("status")
    .getByText(/^Leaves .*9:00/)
    .waitFor();
  await desk.page.keyboard.press("Enter");
  const card = await desk.message("Happy New Year!");
  await card.getByRole("button", { name: "Change the time" }).click();
  await when.fill("in 2 weeks");
  await desk.page.keyboard.press("Enter");
  const [row] = await office.conversations("view=all_open");
  await until("it was moved", async () =>
    (await office.timeline(row)).some(
      ({ send_at: at }) => at && Date.parse(at) > Date.now() + 10 * 86_400_000,
    ),
  );
  await (await desk.message("Happy New Year!")).getByRole("button", { name: "Take back" }).click();
  await until(
    "the text is back",
    async () => (await text(desk).textContent()) === "Happy New Year!",
  );
  assert.equal(set.relay.waiting(ada.address), 0);
});

journey(set, "a send is undone after its tab was closed, and nothing of it is lost", async () => {
  const { office, desk, ada } = await open(async (office) => {
    await office.ask("PATCH", "/me", { preferences: { undo_seconds: 60 } });
    await office.ask("PUT", "/signatures/account/0", { html: "<p>Ride well</p>" });
  });
  await desk.page.keyboard.press("r");
  await text(desk).pressSequentially("Dear ");
  await addField(desk, /^First name/);
  await desk.reply.getByRole("button", { name: "Add signature" }).click();
  await desk.reply.getByRole("region", { name: "Signature" }).waitFor();
  await saved(desk);
  await desk.send();
  await desk.message("Dear Ada");
  const address = desk.page.url();
  await desk.page.close();

  const again = new Desk(await set.visit(address, { as: office.owner, office }));
  await (await again.message("Dear Ada")).getByRole("button", { name: "Take back" }).click();
  await text(again).locator("[data-merge]").getByText("First name").waitFor();
  await again.reply.getByRole("region", { name: "Signature" }).waitFor();
  assert.equal(await text(again).getByText("Ride well").count(), 0);
  assert.equal(set.relay.waiting(ada.address), 0);
});

journey(set, "drafts, what waits, and mentions have views of their own", async () => {
  const { office, desk, ada } = await open();
  const amy = await office.colleague("Amy Agent");
  const { page } = desk;
  const hers = new Desk(await set.visit("/inbox?view=mentions", { as: amy, office }));
  await hers.page.getByText("No open conversation has a note that calls you by name.").waitFor();
  await page.keyboard.press("n");
  const note = desk.note.getByRole("textbox", { name: "Note" });
  await note.pressSequentially("Ask @am");
  await option(desk, "Colleagues", /Amy Agent/).waitFor();
  await page.keyboard.press("Enter");
  await note.locator("[data-mention]").getByText("@Amy Agent").waitFor();
  await desk.note.getByRole("button", { name: "Add note" }).click();
  await desk.message("Ask @Amy Agent");
  await hers.row("Which bell fits?").waitFor();

  await page.keyboard.press("r");
  await text(desk).fill("Half a thought");
  await saved(desk);
  await desk.toView("Drafts");
  await desk.row(/Which bell fits\?.*Draft: Half a thought/).waitFor();
  const [row] = await office.conversations("view=drafts");
  await office.ask("POST", `/conversations/${row.id}/messages`, {
    ...{ kind: "reply", text: "In three days.", to: [{ email: ada.address }] },
    send_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  });
  await desk.toView("Scheduled");
  await desk.row(/Which bell fits\?.*Leaves/).waitFor();
});
