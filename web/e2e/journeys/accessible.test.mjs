// Every page and state, in light and dark: axe finds nothing.
import assert from "node:assert/strict";
import { audit } from "../harness/axe.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

const list = (page) => page.getByRole("option").first().waitFor();
const heading = (page) => page.getByRole("heading", { level: 1 }).first().waitFor();
const thread = async (page) => {
  await page.getByRole("option", { name: "Which bell fits?" }).click();
  await page.getByRole("list", { name: "Messages" }).waitFor();
};
const button = (page, name) => page.getByRole("button", { name }).first().click();
const dialog = (page) => page.getByRole("dialog").first().waitFor();

/** Where to go, and what to do there. */
const inbox = {
  inbox: ["/inbox", list],
  "view menu": [
    "/inbox",
    async (page) => {
      await list(page);
      await page.getByRole("heading", { level: 1 }).getByRole("button").click();
      await page.getByRole("menuitemradio").first().waitFor();
    },
  ],
  thread: ["/inbox", thread],
  reply: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, /^(Reply to|Draft:)/);
      await page.getByRole("textbox", { name: "Message" }).fill("The brass one does.");
      await button(page, "Add Cc");
      await page.getByLabel("Cc", { exact: true }).fill("no address");
      await page.keyboard.press("Enter");
    },
  ],
  note: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, /^Note$/);
      await page.getByRole("textbox", { name: "Note" }).fill("A note.");
    },
  ],
  assignee: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, /assignee/);
      await page.getByRole("menuitem").first().waitFor();
    },
  ],
  move: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, "Move to another inbox");
      await page.getByRole("menuitem").first().waitFor();
    },
  ],
  spam: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, "Mark as spam");
      await page.getByRole("alertdialog").waitFor();
    },
  ],
  "hostile mail": [
    "/inbox",
    async (page) => {
      await page.getByRole("option", { name: "You won" }).click();
      await page.frameLocator("iframe").getByText("Dear shop").waitFor();
    },
  ],
  headers: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, "More for this message");
      await page.getByRole("menuitem", { name: "Show headers" }).click();
      await page.getByRole("heading", { name: "Every line, as it came" }).waitFor();
    },
  ],
  failed: [
    "/inbox?view=failed",
    async (page) => {
      await page.getByRole("option").first().click();
      await page.getByRole("button", { name: "Try again" }).waitFor();
    },
  ],
  closed: [
    "/inbox?view=closed",
    async (page) => {
      await page.getByRole("option").first().click();
      await page.getByRole("button", { name: "Reopen", exact: true }).waitFor();
    },
  ],
  blocked: [
    "/inbox?view=spam",
    async (page) => {
      await page.getByRole("option").first().click();
      await page.getByText("Blocked as spam", { exact: true }).waitFor();
    },
  ],
  "empty view": ["/inbox?view=my_unread", heading],
  "empty search": [
    "/inbox?q=trombone",
    (page) => page.getByText("Nothing in this view matches “trombone”.").waitFor(),
  ],
  "new conversation": [
    "/inbox",
    async (page) => {
      await list(page);
      await button(page, "New conversation");
      await dialog(page);
      await page.getByRole("combobox", { name: "To" }).fill("ada");
      await page.getByRole("option", { name: /Ada/ }).first().waitFor();
    },
  ],
  palette: [
    "/inbox",
    async (page) => {
      await list(page);
      await page.keyboard.press("Control+k");
      await dialog(page);
    },
  ],
  "shortcut sheet": [
    "/inbox",
    async (page) => {
      await list(page);
      await page.keyboard.press("Shift+?");
      await dialog(page);
    },
  ],
};

/** What the domain's records say; the server of the journeys asks nobody. */
const senderCheck = {
  ...{ domain: "harbour.example", aligned: false, notes: ["Receivers decide by themselves."] },
  spf: { state: "ok", name: "harbour.example", record: "v=spf1 mx -all", add: "" },
  dkim: { state: "wrong", name: "k._domainkey.harbour.example", record: "v=DKIM1", add: "p=x" },
  dmarc: { state: "missing", name: "_dmarc.harbour.example", record: "", add: "v=DMARC1; p=none" },
};

/** The settings of the first channel, and from there one of its dialogs. */
const way = (name) => async (page) => {
  await page
    .getByRole("link", { name: /support/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name }).click();
  await page.getByRole("dialog", { name: /^(How mail|Set up)/ }).waitFor();
};

const settings = {
  business: ["/settings/business", heading],
  channels: ["/settings/channels", heading],
  "new channel": ["/settings/channels?item=new", dialog],
  channel: [
    "/settings/channels",
    (page) =>
      page
        .getByRole("link", { name: /support/ })
        .first()
        .click()
        .then(() => dialog(page)),
  ],
  "how mail comes in": ["/settings/channels", way("Change how mail comes in")],
  "how mail leaves": ["/settings/channels", way("Change how mail leaves")],
  "set up and test": [
    "/settings/channels",
    async (page) => {
      await page.route("**/sender-check", (route) => route.fulfill({ json: senderCheck }));
      await way("Set up and test")(page);
      await page.getByText("Needs a change").waitFor();
    },
  ],
  "new canned message": ["/settings/canned?item=new", dialog],
  "signature, written": [
    "/settings/signature",
    async (page) => {
      await button(page, /^Add a signature for/);
      await page.getByRole("dialog").locator(".ProseMirror").waitFor();
    },
  ],
  inboxes: ["/settings/inboxes", heading],
  "new inbox": ["/settings/inboxes?item=new", dialog],
  users: ["/settings/users", heading],
  "new user": ["/settings/users?item=new", dialog],
  tokens: ["/settings/tokens", heading],
  "new token": ["/settings/tokens?item=new", dialog],
  intake: ["/settings/intake", heading],
  profile: ["/settings/profile", heading],
  shortcuts: ["/settings/shortcuts", heading],
  welcome: ["/welcome", heading],
  "welcome, second step": ["/welcome?step=channel", heading],
  "welcome, done": ["/welcome?step=done", heading],
  "account menu": [
    "/settings/profile",
    async (page) => {
      await button(page, /account and sign-out/);
      await page.getByRole("menuitem").first().waitFor();
    },
  ],
  nowhere: ["/nowhere", (page) => page.getByText("There is nothing at this address.").waitFor()],
};

const outside = {
  "sign-in": ["/sign-in", heading],
  "wrong password": [
    "/sign-in",
    async (page) => {
      await page.getByLabel("Email").fill("nobody@harbour.example");
      await page.getByLabel("Password").fill("not the right one");
      await button(page, "Sign in");
      await page.getByRole("alert").waitFor();
    },
  ],
  forgot: ["/forgot", heading],
  "link gone": [
    "/reset?token=gone",
    (page) => page.getByText("This link no longer works").waitFor(),
  ],
};

const phone = {
  inbox: inbox.inbox,
  views: [
    "/inbox",
    async (page) => {
      await list(page);
      await button(page, "Show the menu");
      await dialog(page);
    },
  ],
  thread: inbox.thread,
  contact: [
    "/inbox",
    async (page) => {
      await thread(page);
      await button(page, "Show contact panel");
      await dialog(page);
    },
  ],
  reply: inbox.reply,
  channels: settings.channels,
  channel: settings.channel,
  profile: settings.profile,
};

/** An account in which every state stands somewhere. */
async function furnish() {
  const office = await set.office();
  await office.ask("POST", "/inboxes", { name: "Workshop" });
  await office.colleague("Amy Agent");
  await office.ask("POST", "/users", {
    ...{ name: "Ivan Invited", email: `ivan@${office.domain}`, role: "agent" },
    ...{ all_inboxes: true, inbox_ids: [] },
  });
  const write = async (name, mail) => {
    const customer = office.customer(name);
    await customer.write({ text: mail.subject, ...mail });
    const row = await until("filed", async () =>
      (await office.conversations("limit=100")).find(({ subject }) => subject === mail.subject),
    );
    return { customer, path: `/conversations/${row.id}` };
  };
  await write("Ada Customer", {
    subject: "You won",
    html: `<p>Dear shop</p><img src="http://evil.example/x.gif">`,
  });
  const failing = await write("Bert Buyer", { subject: "A lamp" });
  set.relay.refuse(failing.customer.address, 550, "5.1.1 bert has moved away");
  await office.ask("POST", `${failing.path}/messages`, { kind: "reply", text: "A bright one." });
  const closed = await write("Cora Client", { subject: "A saddle" });
  await office.ask("PATCH", closed.path, { status: "closed" });
  const spam = await write("Dan Dealer", { subject: "Cheap bells" });
  await office.ask("POST", `${spam.path}/spam`, { why: "sells bells" });
  const main = await write("Ada Archer", {
    ...{ subject: "Which bell fits?", text: "Of 31.8 mm.\n\n> quoted\n> text" },
    attachments: [{ filename: "plan.pdf", content: "%PDF", contentType: "application/pdf" }],
  });
  await office.ask("POST", `${main.path}/notes`, { text: "Ask the workshop." });
  await office.ask("POST", `${main.path}/messages`, { kind: "reply", text: "The brass one does." });
  await until("it failed", async () => (await office.conversations("view=failed")).length === 1);
  return office;
}

let furnished;

/** A journey over some states, in a browser of the owner's where someone is to be signed in. */
function look(name, states, options = {}) {
  journey(set, name, async (t) => {
    furnished ??= furnish();
    const office = await furnished;
    const as = states === outside ? undefined : office.owner;
    const page = await set.visit("about:blank", { as, office, ...options });
    const found = [];
    const all = Object.entries(states);
    if (states === settings) all.push(...(await others(page)));
    for (const [state, [address, act]] of all) {
      await page.goto(address);
      await act(page);
      for (const fault of await audit(page)) found.push(`${state}: ${fault}`);
    }
    t.diagnostic(`${all.length} states, each in light and dark`);
    assert.deepEqual(found, []);
  });
}

/** The pages that the settings lead to and the table has not. */
async function others(page) {
  await page.goto("/settings/profile");
  const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
  await links.first().waitFor();
  const addresses = await links.evaluateAll((all) => all.map((link) => link.pathname));
  const known = new Set(Object.values(settings).map(([address]) => address));
  return addresses
    .filter((address) => !known.has(address))
    .map((address) => [address, [address, heading]]);
}

look("nothing to find for axe: signed out", outside);
look("nothing to find for axe: inbox", inbox);
look("nothing to find for axe: settings and welcome", settings);
look("nothing to find for axe: phone", phone, { size: "phone" });
