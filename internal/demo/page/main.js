// @ts-check
import * as api from "./api.js";
import { showBoxes } from "./boxes.js";
import { showComposer } from "./composer.js";
import { byID, say } from "./dom.js";
import { display } from "./format.js";
import { showRows } from "./list.js";
import { showPhone, wirePhone } from "./phone.js";
import { showMail, showNothing } from "./reader.js";

/** @type {api.State} */
let state = {
  mailboxes: [],
  channels: [],
  numbers: [],
  product: { url: "", email: "", password: "" },
};
/** @type {api.Box[]} people who were typed in and have not written yet */
const typed = [];
/** @type {Set<string>} mails that were there when the page last looked */
let known = new Set();
let shown = "";

/** The address says what is open: #/box, #/box/12, #/box/write, #/box/phone. */
function place() {
  const [, box = "", what = ""] = location.hash.split("/").map(decodeURIComponent);
  return { box: box || (all()[0]?.box ?? ""), chosen: box !== "", what };
}

/**
 * @param {string} box
 * @param {string | number} [what]
 */
function go(box, what) {
  location.hash = what ? `#/${encodeURIComponent(box)}/${what}` : `#/${encodeURIComponent(box)}`;
}

function all() {
  // Who was typed in with an address and a number is one person, whichever was used first.
  const same = (/** @type {api.Box} */ a, /** @type {api.Box} */ b) =>
    a.box === b.box || (a.phone !== "" && a.phone === b.phone);
  const there = state.mailboxes.map((b) => {
    const t = typed.find((one) => same(one, b));
    return t && !b.about ? { ...b, box: t.box, address: t.address, phone: t.phone } : b;
  });
  const once = there.filter((b, i) => there.findIndex((one) => one.box === b.box) === i);
  const fresh = typed.filter((t) => !once.some((b) => same(b, t)));
  return [...once.filter((b) => !b.team), ...fresh, ...once.filter((b) => b.team)];
}

/** @param {string} key */
const boxOf = (key) => all().find((b) => b.box === key) ?? all()[0];

async function refresh() {
  state = await api.getState();
  const { box } = place();
  const rows = box ? await api.getRows(box) : [];
  if (box !== place().box) return; // somebody went on meanwhile: that has its own refresh
  announce(box, rows);
  show(rows);
}

/**
 * Tells of mails that came while the page was open.
 * @param {string} box
 * @param {api.Row[]} rows
 */
function announce(box, rows) {
  const fresh = rows.filter((r) => r.unread && !known.has(`${box}/${r.id}`));
  const first = ![...known].some((k) => k.startsWith(`${box}/`));
  for (const r of rows) known.add(`${box}/${r.id}`);
  if (known.size > 5000) known = new Set(rows.map((r) => `${box}/${r.id}`));
  if (!first && fresh[0]) say(`New mail from ${display(fresh[0].from)}: ${fresh[0].subject}`);
}

/** @param {api.Row[]} rows */
function show(rows) {
  const { box, chosen, what } = place();
  const current = boxOf(box);
  if (!current) return;
  const unread = state.mailboxes.reduce((n, b) => n + b.unread + b.texts, 0);
  document.title = unread > 0 ? `(${unread}) The customer's side` : "The customer's side";
  byID("panels").dataset.panel = panelOf(chosen, what);
  showCount(current.texts);
  showBoxes({ boxes: all(), product: state.product, current: box, go });
  showRows({ box: current, rows, open: Number(what) || 0, go });
  showReader(current, what === "phone" ? "" : what);
  showPhone({ box: current, state }).catch((/** @type {Error} */ err) => say(err.message));
}

/**
 * What a narrow screen shows.
 * @param {boolean} chosen
 * @param {string} what
 */
function panelOf(chosen, what) {
  if (what === "phone") return "phone";
  if (what) return "reader";
  return chosen ? "mails" : "boxes";
}

/** @param {number} texts that nobody has looked at */
function showCount(texts) {
  const count = byID("phone-count");
  count.hidden = texts === 0;
  count.textContent = String(texts);
}

/**
 * The reader is filled once for each place: a change elsewhere must not take a text that is being written.
 * @param {api.Box} box
 * @param {string} what
 */
async function showReader(box, what) {
  const wanted = `${box.box}/${what}`;
  if (shown === wanted) return;
  shown = wanted;
  try {
    if (what === "write")
      showComposer({ box, channels: state.channels, sent: (id) => go(box.box, id) });
    else if (what) {
      const mail = await api.getMail(Number(what), box.box);
      if (shown !== wanted) return;
      showMail({ box, mail, sent: (id) => go(box.box, id) });
      if (mail.unread) await api.markRead(mail.id, box.box);
    } else showNothing(box);
  } catch (err) {
    showNothing(box, err instanceof Error ? err.message : "");
  }
}

function update() {
  refresh().catch((/** @type {Error} */ err) => say(err.message));
}

function wireTheme() {
  const button = byID("theme");
  const label = () => {
    const dark = document.documentElement.dataset.theme === "dark";
    button.firstElementChild.className = dark ? "glyph glyph-sun" : "glyph glyph-moon";
    button.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
    button.title = dark ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Storage may be switched off: the choice holds until the page is left.
    }
    label();
  });
  label();
}

function wireSomebody() {
  const dialog = byID("somebody");
  const form = dialog.querySelector("form");
  byID("another").addEventListener("click", () => {
    form.reset();
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "ok") return;
    const address = form.elements.email.value.trim();
    const phone = form.elements.phone.value.replaceAll(" ", "");
    const box = address.toLowerCase() || phone;
    if (!box) return;
    const name = form.elements.name.value.trim() || address.split("@")[0] || phone;
    if (!all().some((b) => b.box === box))
      typed.push({ box, name, address, phone, about: "", unread: 0, texts: 0, team: false });
    go(box, address ? "write" : "phone");
  });
}

wireTheme();
wireSomebody();
wirePhone(update);
byID("to-phone").addEventListener("click", () => go(place().box, "phone"));
byID("phone-to-mails").addEventListener("click", () => go(place().box));
byID("write").addEventListener("click", () => go(place().box, "write"));
for (const back of document.querySelectorAll("[data-back]")) {
  back.addEventListener("click", () => {
    location.hash = "";
  });
}
addEventListener("hashchange", update);
api.follow(update);
