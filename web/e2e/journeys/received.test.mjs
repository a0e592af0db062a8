// What came in, as it is meant to be read: bounces in words, images on request,
// quotes folded, invitations as such.
import assert from "node:assert/strict";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

async function open() {
  const office = await set.office();
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.page.getByRole("heading", { level: 1, name: "All open" }).waitFor();
  return { office, desk, ada: office.customer("Ada Customer") };
}

/** What a mail server writes that could not deliver one of our mails (RFC 3464). */
function bounceOf(mail, address, status, words) {
  const id = mail.field("Message-ID");
  return [
    "From: MAILER-DAEMON@mx.customer.example",
    `To: ${mail.field("Reply-To") || mail.field("From")}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <bounce-${Date.now()}@mx.customer.example>`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "This mail system could not deliver your mail.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.customer.example",
    "",
    `Final-Recipient: rfc822; ${address}`,
    "Action: failed",
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${words}`,
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${id}`,
    "--b--",
    "",
  ].join("\r\n");
}

journey(set, "a bounce is told in words, and a dead address is marked until it works", async () => {
  const { office, desk, ada } = await open();
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  await desk.answer("The brass one does.");
  const reply = await ada.receive();
  const raw = bounceOf(reply, ada.address, "5.1.1", "550 5.1.1 no such user here");
  await ada.write({ raw, envelope: { from: "", to: office.channel.forward_address } });

  await desk.messages.getByText(`The mail to ${ada.address} came back: no such address`).waitFor();
  assert.equal(await desk.messages.getByText("This mail system could not deliver").count(), 0);
  await desk.messages.getByRole("button", { name: "Show the mail that says so" }).click();
  await desk.message("This mail system could not deliver your mail.");
  const [conversation] = await office.conversations("view=all_open");
  assert.equal(conversation.failed_count, 1);

  await desk.contact.getByText(/Mail came back .*: no such address/).waitFor();
  await desk.contact.getByRole("button", { name: "It works again" }).click();
  await until("the mark is gone", async () => {
    const contact = await office.ask("GET", `/contacts/${conversation.contact.id}`);
    return contact.bounced.length === 0;
  });
  await desk.contact.getByText(/Mail came back/).waitFor({ state: "detached" });
});

journey(
  set,
  "images from elsewhere come once they are asked for, through our own server",
  async () => {
    const { desk, ada } = await open();
    const { page } = desk;
    const asked = [];
    await page.route("**/img/*", (route) => {
      asked.push(route.request().url());
      const body = Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      );
      return route.fulfill({ contentType: "image/png", body });
    });
    const html =
      '<p>Our new bells</p><img src="https://shop.example/bell.png" width="40" alt="A bell">';
    await ada.write({ subject: "New bells", html });
    await desk.open("New bells");
    const card = await desk.message("Our new bells");
    const image = card.frameLocator("iframe").getByRole("img", { name: "A bell" });
    await card.getByText("Images from elsewhere are not loaded").waitFor();
    assert.equal(asked.length, 0);
    await card.getByRole("button", { name: "Show images" }).click();
    await until("the image is there", () => image.evaluate((one) => one.naturalWidth > 0));
    assert.equal(asked.length, 1);
    // For good: the next mail of this sender shows them at once.
    await page.reload();
    await (await desk.message("Our new bells"))
      .getByRole("button", { name: "Always from Ada Customer" })
      .click();
    await desk.messages.getByText("Images from Ada Customer are always shown").waitFor();
    await ada.write({ subject: "More bells", html: html.replace("new", "other") });
    await desk.open("More bells");
    const next = (await desk.message("Our other bells")).frameLocator("iframe");
    const other = next.getByRole("img", { name: "A bell" });
    await until("the next one too", () => other.evaluate((one) => one.naturalWidth > 0));
  },
);

journey(set, "quotes are folded in text and HTML, and one press shows all", async () => {
  const { desk, ada } = await open();
  await ada.write({
    subject: "Plain",
    text: "It is brass.\n\nOn Tue, 1 Sep 2026 at 9:00, Harbour Bikes <support@harbour.example> wrote:\n> Which metal is it?\n",
  });
  await desk.open("Plain");
  const plain = await desk.message("It is brass.");
  assert.equal(await plain.getByText("Which metal is it?").count(), 0);
  await plain.getByRole("button", { name: "Show quoted text" }).click();
  await plain.getByText("Which metal is it?").waitFor();

  await ada.write({
    subject: "Formatted",
    html: '<p>It is <b>steel</b>.</p><div class="gmail_quote"><div class="gmail_attr">On Tue, 1 Sep 2026, Harbour wrote:</div><blockquote>Which metal is it?</blockquote></div>',
  });
  await desk.open("Formatted");
  const frame = (await desk.message("It is steel.")).frameLocator("iframe");
  await frame.getByText("Which metal is it?").waitFor({ state: "hidden" });
  await frame.locator("summary").click();
  await frame.getByText("Which metal is it?").waitFor();
});

journey(set, "an invitation is shown as one", async () => {
  const { desk, ada } = await open();
  const content = [
    ...[
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "METHOD:REQUEST",
      "BEGIN:VEVENT",
      "UID:1@customer.example",
    ],
    ...[
      "SUMMARY:Fitting of the bell",
      "LOCATION:Harbour 4",
      "DTSTART:20260901T090000Z",
      "DTEND:20260901T093000Z",
    ],
    ...["ORGANIZER;CN=Ada Customer:mailto:ada@customer.example", "END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");
  await ada.write({
    ...{ subject: "Come by", text: "Shall we meet?" },
    attachments: [
      { filename: "invite.ics", content, contentType: "text/calendar; method=REQUEST" },
    ],
  });
  await desk.open("Come by");
  const invite = desk.messages.getByRole("region", { name: "Invitation" });
  await invite.getByText("Fitting of the bell").waitFor();
  await invite.getByText("Harbour 4").waitFor();
  await invite.getByText("Organised by Ada Customer").waitFor();
  await desk.messages.getByRole("link", { name: /invite\.ics/ }).waitFor();
});
