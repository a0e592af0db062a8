// One person's work at the inbox: find, sort, move, close, block, begin.
import assert from "node:assert/strict";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

/** An office with its owner at the desk, and mails from as many customers, oldest first. */
async function open(...subjects) {
  const office = await set.office();
  const customers = [];
  const mails = [];
  for (const [index, subject] of subjects.entries()) {
    const customer = office.customer(["Ada Customer", "Bert Buyer", "Cora Client"][index]);
    mails.push(await customer.write({ subject, text: `About: ${subject}` }));
    await until("it is filed", async () =>
      (await office.conversations("view=all_open")).some((row) => row.subject === subject),
    );
    customers.push(customer);
  }
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.shows(...[...subjects].reverse());
  return { office, desk, customers, mails };
}

journey(set, "lists are sorted, filtered and searched", async () => {
  const { office, desk, customers, mails } = await open("First bell", "Second lamp", "Third bell");
  const workshop = await office.ask("POST", "/inboxes", { name: "Workshop" });
  await customers[0].write({
    ...{ subject: "Re: First bell", text: "Anybody?" },
    ...{ inReplyTo: mails[0].id, references: mails[0].id },
  });
  await desk.shows("First bell", "Third bell", "Second lamp");
  const sort = (name) => desk.choose(desk.page.getByRole("button", { name: /^Sorted by/ }), name);
  await sort("Order added");
  await desk.shows("Third bell", "Second lamp", "First bell");
  await sort("Longest waiting");
  await desk.shows("First bell", "Second lamp", "Third bell");

  // A filter by inbox, a search within it.
  await desk.open("Third bell");
  await desk.choose(desk.action("Move to another inbox"), "Workshop");
  await desk.page.getByText("Moved", { exact: true }).waitFor();
  await desk.messages.getByText("You moved this to Workshop").waitFor();
  await desk.search.fill("bell");
  await desk.shows("First bell", "Third bell");
  await desk.choose(desk.page.getByRole("button", { name: "Filter by inbox" }), "Workshop");
  await desk.shows("Third bell");
  await desk.page.goto(`/inbox?inbox=${workshop.id}`);
  await desk.search.fill("bell");
  await desk.shows("Third bell");
  await desk.search.fill("trombone");
  await desk.page.getByText("Nothing in this view matches “trombone”.").waitFor();
  await desk.page.getByRole("button", { name: "Clear the search" }).last().click();
  await desk.shows("Third bell");
  // People and the texts of mails are found too, in the view alone.
  await desk.page.goto("/inbox");
  await desk.search.fill("Buyer");
  await desk.shows("Second lamp");
  await desk.search.fill("anybody");
  await desk.shows("First bell");
  await desk.page.goto("/inbox?view=closed");
  await desk.search.fill("bell");
  await desk.page.getByText("Nothing in this view matches “bell”.").waitFor();
});

journey(set, "a closed conversation can't be unread, and an answer opens it again", async () => {
  const { desk, customers } = await open("Which bell fits?");
  const [ada] = customers;
  await desk.open("Which bell fits?");
  await desk.answer("The brass one does.");
  const reply = await ada.receive();
  await desk.action("Mark unread").click();
  await desk.row(/^Unread/).waitFor();
  await desk.open("Which bell fits?");
  await desk.action("Close").click();
  await desk.shows();
  const control = desk.action("A closed conversation can't be unread. Reopen it first.");
  assert.equal(await control.getAttribute("aria-disabled"), "true");
  await desk.toView("Closed");
  await desk.shows("Which bell fits?");
  await ada.answer(reply, { text: "It does not fit." });
  await desk.shows();
  await desk.toView("All open");
  await desk.row(/^Unread.*Which bell fits\?/).waitFor();
  await desk.open("Which bell fits?");
  await desk.messages.getByText("Reopened by a new message").waitFor();
});

journey(set, "closing and assigning can be undone", async () => {
  const { desk } = await open("Which bell fits?");
  await desk.open("Which bell fits?");
  await desk.action("Close").click();
  await desk.shows();
  await desk.undo();
  await desk.shows("Which bell fits?");
  await desk.choose(desk.action(/Choose an assignee/), "Me");
  await desk.action(/^Assigned to Olive Owner/).waitFor();
  await desk.undo();
  await desk.action(/Choose an assignee/).waitFor();
});

journey(set, "spam leaves the inbox, and comes back as it was", async () => {
  const { office, desk, customers } = await open("Cheap bells", "Which bell fits?");
  const [ada] = customers;
  await desk.open("Cheap bells");
  await desk.choose(desk.action(/Choose an assignee/), "Me");
  await desk.action(/^Assigned to/).waitFor();
  await desk.action("Mark as spam").click();
  const dialog = desk.page.getByRole("alertdialog");
  await dialog.getByText(ada.address).waitFor();
  await dialog.getByLabel(/^Reason/).fill("Sells bells");
  await dialog.getByRole("button", { name: "Mark as spam" }).click();
  await desk.shows("Which bell fits?");
  await ada.write({ subject: "Cheaper bells", text: "Buy them." });
  await desk.toView("Spam");
  await desk.shows("Cheaper bells", "Cheap bells");
  await desk.open("Cheap bells");
  await desk.thread.getByRole("button", { name: /mark as not spam to reply/ }).waitFor();
  await desk.thread.getByText(/^Blocked as spam by Olive Owner, .*: Sells bells$/).waitFor();
  await desk.contact.getByText("Blocked as spam").waitFor();
  await desk.action("Not spam").click();
  await desk.shows();
  await desk.toView("My open");
  await desk.row("Cheap bells").waitFor();
  const [row] = await office.conversations("view=my_open&q=cheap");
  assert.equal(row.inbox_id, office.inbox.id);
});

journey(set, "a new conversation begins with a mail of ours", async () => {
  const { office, desk } = await open();
  const zoe = office.customer("Zoe Client");
  await desk.page.getByRole("button", { name: "New conversation" }).first().click();
  const dialog = desk.page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "To" }).fill(zoe.address);
  await desk.page.getByRole("option", { name: /^Create/ }).click();
  await dialog.getByLabel("Name").fill("Zoe Client");
  await dialog.getByRole("button", { name: "Start" }).click();
  await desk.reply.getByLabel("Subject").fill("Your bike");
  await desk.reply.getByRole("textbox", { name: "Message" }).fill("It is ready.");
  await desk.send();
  const mail = await zoe.receive();
  assert.equal(mail.field("Subject"), "Your bike");
  await zoe.answer(mail, { text: "I come at five." });
  await desk.message("I come at five.");
  await desk.row(/Zoe Client.*Your bike.*Assigned to Olive Owner/).waitFor();
});

journey(set, "a contact is changed where it stands", async () => {
  const { office, desk } = await open("First bell", "Second lamp");
  await desk.open("First bell");
  await desk.contact.getByRole("button", { name: "Add Company" }).click();
  await desk.contact.getByRole("textbox", { name: "Company" }).fill("Bells and Sons");
  await desk.page.keyboard.press("Enter");
  await desk.contact.getByText("Bells and Sons").waitFor();
  await until("it is kept", async () => {
    const { items } = await office.ask("GET", "/contacts?q=Bells");
    return items.some(({ company }) => company === "Bells and Sons");
  });
  // An address that another contact has is refused where it is typed.
  const taken = (await office.conversations("q=lamp"))[0].contact.email;
  await desk.contact.getByRole("button", { name: "Add email address" }).click();
  await desk.contact.getByRole("textbox", { name: "email address" }).fill(taken);
  await desk.page.keyboard.press("Enter");
  await desk.contact.getByRole("alert").waitFor();
  await desk.page.keyboard.press("Escape");
  await desk.page.getByRole("button", { name: "Hide contact panel" }).click();
  await desk.contact.waitFor({ state: "hidden" });
});

journey(set, "a new message raises an alert with the way to it", async () => {
  const { office, desk } = await open("First bell");
  await desk.open("First bell");
  const alerts = desk.page.getByRole("region", { name: "New messages" });
  const bert = office.customer("Bert Buyer");
  await bert.write({ subject: "Second lamp", text: "For my bike." });
  await alerts.getByText("Bert Buyer").waitFor();
  const box = await alerts.boundingBox();
  assert.ok(box.x < 200 && box.y > 450, `the alert stands at ${box.x}, ${box.y}`);
  await alerts.getByRole("button", { name: "View" }).click();
  await desk.message("For my bike.");
  // Switched off, nothing is raised.
  await desk.page.getByRole("switch", { name: "Notifications" }).click();
  await office.customer("Cora Client").write({ subject: "Third saddle", text: "A soft one." });
  await desk.row("Third saddle").waitFor();
  assert.equal(await alerts.getByText("Cora Client").count(), 0);
});

journey(set, "opening reads after a second, flying over does not", async () => {
  const { desk } = await open("First bell", "Second lamp", "Third bell");
  for (const _ of [1, 2, 3]) await desk.page.keyboard.press("j");
  await desk.message("About: First bell");
  await desk.row(/^(?!Unread).*First bell/).waitFor();
  await desk.row(/^Unread.*Second lamp/).waitFor();
  await desk.row(/^Unread.*Third bell/).waitFor();
});
