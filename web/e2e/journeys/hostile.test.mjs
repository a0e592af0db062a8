// Every payload of the peers' sanitiser tests, sent as a mail and opened in a real
// browser: no script runs, and no request leaves. Once as the app shows mails, and
// once without the policy and the sandbox that would stop what the sanitiser left.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

/** One of so many is tried beside the other journeys; `make corpora` tries all. */
const every = process.env.CORPORA_ALL ? 1 : 8;

/** The peer corpora, read in place; undefined where they are not at hand. */
function payloads() {
  let folder = process.env.PARLEY_CORPORA;
  for (let at = import.meta.dirname; !folder && at !== path.dirname(at); at = path.dirname(at)) {
    if (existsSync(path.join(at, "shared/corpora"))) folder = path.join(at, "shared/corpora");
  }
  const sets = folder && path.join(folder, "html-sanitise");
  if (!sets || !existsSync(sets)) return undefined;
  return readdirSync(sets)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => JSON.parse(readFileSync(path.join(sets, file), "utf8")).cases)
    .filter(({ payload }, index) => typeof payload === "string" && index % every === 0);
}

/** Sends each as a mail of its own; gives the messages that have HTML to show. */
async function deliver(office, cases) {
  const ada = office.customer("Ada Customer");
  const waiting = [...cases.entries()];
  const sender = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, { payload }] = next;
      const html = Buffer.from(`<p>shown ${index}</p>${payload}`);
      const raw = `From: ${ada.address}\r\nTo: ${office.channel.address}\r\nMessage-ID: <h${index}@hostile.example>\r\nSubject: ${index}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${html.toString("base64").replace(/.{76}/g, "$&\r\n")}\r\n`;
      await ada.write({ raw, envelope: { from: ada.address, to: office.channel.forward_address } });
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
  await until(
    "all mails are filed",
    async () => (await office.ask("GET", "/intake")).pending === 0,
  );
  const ids = [];
  for (let after = 0; ; ) {
    const page = await office.ask("GET", `/events?after=${after}&limit=500`);
    ids.push(...page.items.filter((e) => e.kind === "message.received").map((e) => e.message_id));
    if (page.items.length === 0 || page.next_seq === after) return ids;
    after = page.next_seq;
  }
}

/** What runs or leaves while a page is open. */
async function trap(page, own) {
  const caught = [];
  await page.exposeBinding("caught", (_, what) => caught.push(`a script ran: ${what}`));
  await page.addInitScript(() => {
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
      window[name] = (...what) => void window.top.caught?.(`${name} ${what.join()}`);
    }
  });
  page.on("dialog", (dialog) => {
    caught.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!own(request.url())) caught.push(`asks ${request.url()}`);
  });
  return caught;
}

const batch = 60;

journey(set, "no script of a hostile mail runs, and no request leaves", async (t) => {
  const cases = payloads();
  if (!cases) {
    t.skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout");
    return;
  }
  const office = await set.office();
  const ids = await deliver(office, cases);
  assert.equal(ids.length, cases.length, "every payload is a message");

  const page = await set.visit("about:blank", { as: office.owner, office });
  // A page of our own origin with no policy of its own, so that only the mails' counts.
  const stand = `${set.server.url}/stand`;
  await page.route(stand, (route) => route.fulfill({ contentType: "text/html", body: "<body>" }));
  const documents = new Map();
  const shown = await trap(
    page,
    (url) => url.startsWith(set.server.url) || url.startsWith("data:"),
  );
  await page.goto(stand);
  const frames = async (make, some) => {
    await page.evaluate(make, some);
    await page.waitForFunction(() =>
      [...document.querySelectorAll("iframe")].every((frame) => frame.dataset.loaded),
    );
    const scripts = await page.evaluate(() =>
      [...document.querySelectorAll("iframe")].flatMap((frame) =>
        [...(frame.contentDocument?.querySelectorAll("*") ?? [])].flatMap((element) =>
          element.localName === "script" || [...element.attributes].some((a) => /^on/i.test(a.name))
            ? [element.outerHTML]
            : [],
        ),
      ),
    );
    assert.deepEqual(scripts, []);
  };
  // As the app shows them: their own document, its policy, the sandbox.
  for (let at = 0; at < ids.length; at += batch) {
    await frames(
      (some) => {
        document.body.replaceChildren(
          ...some.map((id) => {
            const frame = document.createElement("iframe");
            frame.sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
            frame.onload = () => frame.setAttribute("data-loaded", "yes");
            frame.src = `/api/v1/messages/${id}/html`;
            return frame;
          }),
        );
      },
      ids.slice(at, at + batch),
    );
    const read = await page.evaluate(
      (some) =>
        Promise.all(
          some.map(async (id) => [id, await (await fetch(`/api/v1/messages/${id}/html`)).text()]),
        ),
      ids.slice(at, at + batch),
    );
    for (const [id, html] of read) documents.set(id, html);
  }
  assert.deepEqual(shown, []);

  // Naked: the same documents with neither policy nor sandbox.
  await page.goto(stand);
  const all = ids.map((id) => documents.get(id));
  assert.ok(all.every((html) => html.includes("shown ")));
  for (let at = 0; at < all.length; at += batch) {
    await frames(
      (some) => {
        document.body.replaceChildren(
          ...some.map((html) => {
            const frame = document.createElement("iframe");
            frame.onload = () => frame.setAttribute("data-loaded", "yes");
            frame.srcdoc = html;
            return frame;
          }),
        );
      },
      all.slice(at, at + batch),
    );
  }
  assert.deepEqual(shown, []);
  t.diagnostic(
    `figure | html-sanitise | payloads with no script run and no request, in Chromium | ${all.length} of ${all.length} | 100.0 % | at least 100 %`,
  );
});
