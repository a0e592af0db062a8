// @ts-check
import * as api from "./api.js";
import { showBoxes } from "./boxes.js";
import { showComposer } from "./composer.js";
import { byID, say } from "./dom.js";
import { display } from "./format.js";
import { showRows } from "./list.js";
import { showMail, showNothing } from "./reader.js";

/** @type {api.State} */
let state = { mailboxes: [], channels: [], product: { url: "", email: "", password: "" } };
/** @type {api.Box[]} people who were typed in and have not written yet */
const typed = [];
/** @type {Set<string>} mails that were there when the page last looked */
let known = new Set();
let shown = "";

/** The address says what is open: #/box, #/box/12, #/box/write. */
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
  const fresh = typed.filter((t) => !state.mailboxes.some((b) => b.box === t.box));
  const team = state.mailboxes.filter((b) => b.team);
  return [...state.mailboxes.filter((b) => !b.team), ...fresh, ...team];
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
  const unread = state.mailboxes.reduce((n, b) => n + b.unread, 0);
  document.title = unread > 0 ? `(${unread}) Customer's mailboxes` : "Customer's mailboxes";
  byID("panels").dataset.panel = what ? "reader" : chosen ? "mails" : "boxes";
  showBoxes({ boxes: all(), product: state.product, current: box, go });
  showRows({ box: current, rows, open: Number(what) || 0, go });
  showReader(current, what);
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
    const box = address.toLowerCase();
    const name = form.elements.name.value.trim() || address.split("@")[0];
    if (!all().some((b) => b.box === box))
      typed.push({ box, name, address, about: "", unread: 0, team: false });
    go(box, "write");
  });
}

wireTheme();
wireSomebody();
byID("write").addEventListener("click", () => go(place().box, "write"));
for (const back of document.querySelectorAll("[data-back]")) {
  back.addEventListener("click", () => {
    location.hash = "";
  });
}
addEventListener("hashchange", update);
api.follow(update);
