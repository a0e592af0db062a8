// Texts: a number is a channel, from somebody's phone to the inbox and back.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { account, startCarrier } from "../harness/carrier.mjs";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage({ PARLEY_ALLOW_PRIVATE: "127.0.0.1" });
before(async () => {
  set.carrier = await startCarrier();
});
after(() => set.carrier?.stop());

let numbers = 0;

/** A channel that is a number of the carrier's. */
function connect(office, name, inbox = office.inbox) {
  numbers += 1;
  const settings = { account_sid: account.sid, auth_token: account.token };
  settings.api_base = set.carrier.url;
  return office.ask("POST", "/channels", {
    ...{ type: "sms", name, inbox_id: inbox.id, provider: "twilio", provider_answers: false },
    ...{ number: `+141555501${String(numbers).padStart(2, "0")}`, settings },
  });
}

/** A phone writes to a channel; resolves once the product has taken it. */
const write = (phone, { webhook_url, address }, ...said) =>
  set.carrier.write(webhook_url, phone, address, ...said);

/** An office with a number, its owner at the desk, and somebody with a phone. */
async function open() {
  const office = await set.office();
  const channel = await connect(office, "Texts");
  const desk = new Desk(await set.visit("/inbox", { as: office.owner, office }));
  await desk.shows();
  const phone = "+447700900142";
  const text = (...said) => write(phone, channel, ...said);
  return { office, channel, desk, phone, text, next: () => set.carrier.next(phone) };
}

/** The composer of texts, opened. */
async function compose(desk, text) {
  await desk.thread.getByRole("button", { name: /^Reply to/ }).click();
  const composer = desk.page.getByRole("region", { name: "Write a text" });
  const field = composer.getByRole("textbox", { name: "Message" });
  await field.waitFor();
  await field.fill(text);
  return composer;
}

async function send(composer) {
  await composer.getByRole("button", { name: /^Send/ }).first().click();
  await composer.waitFor({ state: "detached" });
}

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

journey(set, "a text is answered with emoji and a picture", async (t) => {
  const { channel, desk, text, next } = await open();
  const began = performance.now();
  await text("Is this the right bolt? 🚲", { type: "image/png", body: pixel });
  await desk.row("Is this the right bolt? 🚲").waitFor();
  t.diagnostic(`a text was in the list after ${Math.round(performance.now() - began)} ms`);
  await desk.open("Is this the right bolt?");
  const theirs = await desk.message("Is this the right bolt?");
  await until("their picture is shown", () =>
    theirs
      .getByRole("link", { name: /file-1/ })
      .locator("img")
      .evaluate((image) => image.naturalWidth > 0),
  );

  const composer = await compose(desk, "That one fits 🙂🔧");
  const chooser = desk.page.waitForEvent("filechooser");
  await composer.getByRole("button", { name: "Attach pictures" }).click();
  await (await chooser).setFiles({ name: "bolt.png", mimeType: "image/png", buffer: pixel });
  await composer.getByRole("button", { name: "Remove bolt.png" }).waitFor();
  await send(composer);
  const got = await next();
  assert.equal(got.text, "That one fits 🙂🔧");
  assert.equal(got.from, channel.address);
  assert.deepEqual([got.media[0].type, got.media[0].body.equals(pixel)], ["image/png", true]);
  await (await desk.message("That one fits")).locator("[data-delivery=delivered]").waitFor();
  await desk.fits();
});

/** A photo from a new camera: noise, which no format makes small. */
async function photo(page) {
  const data = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1600, 1200];
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(canvas.width, canvas.height);
    let seed = 1;
    for (let i = 0; i < image.data.length; i += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      image.data[i] = i % 4 === 3 ? 255 : seed >>> 24;
    }
    pen.putImageData(image, 0, 0);
    return canvas.toDataURL("image/png").split(",")[1];
  });
  return Buffer.from(data, "base64");
}

journey(set, "a picture that is too large for the provider is made smaller", async (t) => {
  const { channel, desk, text, next } = await open();
  await text("What does it look like?");
  await desk.open("What does it look like?");
  const { picture_bytes: most } = channel.limits;
  const large = await photo(desk.page);
  assert.ok(large.length > most && most === 5_000_000, `${large.length} bytes of ${most}`);
  const composer = await compose(desk, "Like this");
  const counter = composer.locator("[data-counter]");
  assert.match(await counter.textContent(), /^1 segment ·/);
  const chooser = desk.page.waitForEvent("filechooser");
  await composer.getByRole("button", { name: "Attach pictures" }).click();
  await (await chooser).setFiles({ name: "bike.png", mimeType: "image/png", buffer: large });
  await composer.getByText(/^bike\.png was made smaller, from \d+(\.\d)? MB to \d/).waitFor();
  await composer.getByRole("button", { name: "Remove bike.jpg" }).waitFor();
  assert.match(await counter.textContent(), /^Picture message \(MMS\).* · 1591 characters left$/);
  await send(composer);
  const { media } = await next();
  t.diagnostic(`${large.length} bytes arrived as ${media[0].body.length}`);
  assert.equal(media[0].type, "image/jpeg");
  assert.ok(media[0].body.length <= most, `${media[0].body.length} bytes arrived`);
  const sent = await desk.message("Like this");
  await sent.locator("[data-delivery=delivered]").waitFor();
  // What arrived is the picture, whole.
  await until("the picture is shown", () =>
    sent.locator("img").evaluate(({ naturalWidth, naturalHeight }) => {
      return naturalWidth > 300 && Math.abs(naturalWidth / naturalHeight - 4 / 3) < 0.01;
    }),
  );
});

journey(set, "a text is taken back before it leaves, and is its writer's again", async () => {
  const { office, desk, text, next } = await open();
  await office.ask("PATCH", "/me", { preferences: { undo_seconds: 60 } });
  await desk.page.reload();
  await text("How much is a new chain?");
  await desk.open("How much is a new chain?");
  await send(await compose(desk, "30 € or so"));
  const sent = await desk.message("30 € or so");
  await sent.getByRole("button", { name: "Take back" }).click();
  const composer = desk.page.getByRole("region", { name: "Write a text" });
  const field = composer.getByRole("textbox", { name: "Message" });
  const back = async () => (await field.textContent()) === "30 € or so";
  await until("the text is back", back);
  await desk.messages.getByText("You took back a message").waitFor();
  assert.equal(await desk.messages.getByRole("article").count(), 1);
  await office.ask("PATCH", "/me", { preferences: { undo_seconds: 0 } });
  await desk.page.reload();
  await desk.open("How much is a new chain?");
  await desk.thread.getByRole("button", { name: "Draft: 30 € or so" }).click();
  await until("the draft is there", back);
  await field.fill("35 €");
  await send(composer);
  assert.equal((await next()).text, "35 €", "what was taken back has left");
});

journey(set, "STOP locks the composer and is confirmed once, START unlocks it", async () => {
  const { desk, text, next } = await open();
  await text("When do you open?");
  await desk.open("When do you open?");
  await text("STOP");
  assert.match((await next()).text, /opted out/);
  await desk.thread
    .getByText(/has opted out of texts/)
    .first()
    .waitFor();
  const reply = desk.thread.getByRole("button", { name: /^Reply to/ });
  await reply.waitFor({ state: "detached" });
  await text("STOP");
  await text("START");
  assert.match((await next()).text, /opted in/, "the second STOP was confirmed, too");
  await reply.waitFor();
  await send(await compose(desk, "At ten."));
  assert.equal((await next()).text, "At ten.");
});

journey(set, "after it was closed, a text goes on with the same conversation", async () => {
  const { office, desk, text } = await open();
  await text("Is my bike ready?");
  await desk.open("Is my bike ready?");
  const [before] = await office.conversations("view=all_open");
  await desk.action("Close").click();
  await desk.shows();
  await text("Hello again");
  await desk.shows("Hello again");
  const [now] = await office.conversations("view=all_open");
  assert.deepEqual([now.id, now.message_count], [before.id, 2]);
});

journey(set, "two numbers are two channels", async () => {
  const { office, channel, desk, phone, text, next } = await open();
  const workshop = await office.ask("POST", "/inboxes", { name: "Workshop" });
  const second = await connect(office, "Workshop texts", workshop);
  await text("To the shop");
  await desk.shows("To the shop");
  await write(phone, second, "To the workshop");
  await desk.shows("To the workshop", "To the shop");
  for (const [words, from] of [
    ["To the shop", channel.address],
    ["To the workshop", second.address],
  ]) {
    await desk.open(words);
    await desk.message(words);
    await send(await compose(desk, `Answer: ${words}`));
    const got = await next();
    assert.deepEqual([got.text, got.from], [`Answer: ${words}`, from]);
  }
});
