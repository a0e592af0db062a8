// @ts-check
import { getTexts, markSeen, sendText } from "./api.js";
import { byID, h, say } from "./dom.js";
import { initials, spaced, tint, whenExactly } from "./format.js";

/** @typedef {import("./api.js").Box} Box */
/** @typedef {import("./api.js").Text} Text */

/** @type {Map<string, string>} texts that were begun and not sent, by the phone */
const begun = new Map();
/** @type {Map<string, string>} which number of the business a phone looks at */
const chosen = new Map();
/** @type {File[]} pictures that go with the next text */
let pictures = [];
/** The phone that is shown, and what it showed last. */
let shown = { phone: "", texts: "" };
/** Whose phone is to be shown: an answer that comes late is not for it any more. */
let wanted = "";
/** @type {{name: string, address: string}[]} */
let numbers = [];

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
});

const emoji = [
  "🙂",
  "😅",
  "😍",
  "🤔",
  "😢",
  "🙏",
  "👍",
  "👋",
  "🎉",
  "❤️",
  "🚲",
  "🛠️",
  "☀️",
  "🌧️",
  "☕",
  "✅",
];

/**
 * The phone of whoever is written as. Its picture of the conversation is drawn anew
 * only where that has changed.
 * @param {{box: Box, state: import("./api.js").State}} props
 */
export async function showPhone({ box, state }) {
  numbers = state.numbers;
  wanted = box.box;
  const texts = box.phone ? await getTexts(box.phone) : [];
  if (wanted !== box.box) return;
  if (shown.phone !== box.phone) turnTo(box);
  byID("phone-set").hidden = !box.phone;
  byID("phone-none").hidden = Boolean(box.phone);
  byID("phone-none").firstElementChild.textContent = box.team
    ? "Your team is written to by email. Choose a customer to see their phone."
    : `${box.name} has no phone that is known here.`;
  if (!box.phone) return;
  const number = numberOf(box.phone, texts);
  showNumber(number);
  showTexts(box, texts, number);
  if (box.texts > 0 && document.hasFocus() && byID("phone").checkVisibility())
    await markSeen(box.phone);
}

/** @param {Box} box */
function turnTo(box) {
  shown = { phone: box.phone, texts: "" };
  pictures = [];
  showPictures();
  showFault("");
  const text = byID("text");
  text.value = begun.get(box.phone) ?? "";
  text.setAttribute("aria-label", `Text from ${box.name}`);
  byID("phone-owner").textContent = `${box.name}’s phone`;
  byID("phone-own-number").textContent = spaced(box.phone);
  grow();
}

/**
 * The number that was chosen, else the one of the newest text.
 * @param {string} phone
 * @param {Text[]} texts
 */
function numberOf(phone, texts) {
  const all = numbers.map((n) => n.address);
  const wish = chosen.get(phone) ?? texts.at(-1)?.number ?? "";
  return all.includes(wish) ? wish : (texts.at(-1)?.number ?? all[0] ?? "");
}

/** @param {string} number */
function showNumber(number) {
  const select = byID("number");
  const known = numbers.some((n) => n.address === number);
  const all =
    known || !number ? numbers : [{ name: "No longer there", address: number }, ...numbers];
  const options = all.map((n) =>
    h("option", { value: n.address }, `${n.name} · ${spaced(n.address)}`),
  );
  if (select.options.length !== options.length || select.dataset.of !== JSON.stringify(all)) {
    select.dataset.of = JSON.stringify(all);
    select.replaceChildren(...options);
  }
  select.value = number;
  for (const control of byID("text-form").elements) control.disabled = !known;
  byID("text").placeholder = known ? "Text message" : "The business has no number here";
}

/**
 * @param {Box} box
 * @param {Text[]} texts
 * @param {string} number
 */
function showTexts(box, texts, number) {
  const own = texts.filter((t) => t.number === number);
  const drawn = JSON.stringify([number, own]);
  if (shown.texts === drawn) return;
  const first = shown.texts === "";
  shown.texts = drawn;
  const list = byID("texts");
  let last = "";
  list.replaceChildren(
    ...own.flatMap((t) => {
      const today = day.format(new Date(t.at));
      const mark = today !== last && h("li", { class: "day" }, today);
      last = today;
      return mark ? [mark, bubble(box, t)] : [bubble(box, t)];
    }),
  );
  if (own.length === 0)
    list.append(h("li", { class: "day" }, "Nothing yet. Write the first text, or STOP and START."));
  toEnd();
  const newest = own.at(-1);
  if (!first && newest && !newest.written)
    say(`New text on ${box.name}’s phone: ${newest.body || "a picture"}`);
}

function toEnd() {
  const list = byID("texts");
  list.scrollTop = list.scrollHeight;
}

/**
 * @param {Box} box
 * @param {Text} t
 */
function bubble(box, t) {
  const images = t.pictures.map((p) => {
    const src = `/api/texts/${t.id}/pictures/${p.n}?phone=${encodeURIComponent(box.phone)}`;
    if (!p.shown) return h("a", { class: "bubble", href: src, download: true }, p.content_type);
    const image = h("img", { src, alt: t.written ? "Picture that you sent" : "Picture that came" });
    image.addEventListener("load", toEnd);
    return h("a", { class: "shot", href: src, target: "_blank", rel: "noopener" }, image);
  });
  const big = /^(\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(t.body);
  return h(
    "li",
    { class: t.written ? "text-line mine" : "text-line" },
    h("span", { class: "unseen" }, t.written ? "You: " : "The business: "),
    ...images,
    t.body && h("p", { class: big ? "bubble big" : "bubble" }, t.body),
    h(
      "span",
      { class: "when" },
      h("time", { datetime: t.at, title: whenExactly(t.at) }, clock.format(new Date(t.at))),
      t.delivered && " · Delivered",
    ),
  );
}

/** @param {string} text */
function showFault(text) {
  const fault = byID("text-fault");
  fault.textContent = text;
  fault.hidden = !text;
}

function showPictures() {
  const chips = pictures.map((file, i) => {
    const image = h("img", { alt: file.name });
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      image.src = String(reader.result); // as data: a blob is none of the page's own files
    });
    reader.readAsDataURL(file);
    return h(
      "li",
      {},
      image,
      h(
        "button",
        {
          type: "button",
          class: "drop",
          "aria-label": `Leave ${file.name} out`,
          onclick: () => {
            pictures = pictures.filter((_, at) => at !== i);
            showPictures();
            byID("text").focus();
          },
        },
        h("span", { class: "glyph glyph-cross" }),
      ),
    );
  });
  byID("pictures").replaceChildren(...chips);
  byID("pictures").hidden = chips.length === 0;
}

/** The field grows with what is written, up to five lines. */
function grow() {
  const text = byID("text");
  text.rows =
    Math.min(Math.max(text.value.split("\n").length, Math.ceil(text.value.length / 30)), 5) || 1;
}

async function submit() {
  const text = byID("text");
  const button = byID("text-send");
  const { phone } = shown;
  if (button.disabled || (!text.value.trim() && pictures.length === 0)) return;
  const form = new FormData();
  form.set("from", phone);
  form.set("from_name", byID("phone-owner").textContent.replace(/’s phone$/, ""));
  form.set("to", byID("number").value);
  form.set("text", text.value);
  for (const file of pictures) form.append("files", file);
  button.disabled = true;
  showFault("");
  try {
    await sendText(form);
    begun.delete(phone);
    if (shown.phone !== phone) return;
    text.value = "";
    pictures = [];
    showPictures();
    grow();
  } catch (err) {
    if (shown.phone === phone) showFault(err instanceof Error ? err.message : "");
  } finally {
    button.disabled = false;
    if (shown.phone === phone) text.focus();
  }
}

/** @param {string} sign */
function insert(sign) {
  const text = byID("text");
  text.setRangeText(sign, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input"));
  text.focus();
}

/** @param {() => void} changed what to do when another number is looked at */
export function wirePhone(changed) {
  const text = byID("text");
  byID("business").className = `avatar tint-${tint("harbour")}`;
  byID("business").textContent = initials("Harbour Bikes");
  text.addEventListener("input", () => {
    begun.set(shown.phone, text.value);
    grow();
  });
  text.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    submit();
  });
  byID("text-form").addEventListener("submit", (/** @type {SubmitEvent} */ e) => {
    e.preventDefault();
    submit();
  });
  byID("number").addEventListener("change", () => {
    chosen.set(shown.phone, byID("number").value);
    changed();
  });
  const file = byID("picture-file");
  byID("picture").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    pictures = [...pictures, ...file.files].slice(0, 10);
    file.value = "";
    showPictures();
    text.focus();
  });
  const panel = byID("emoji-panel");
  byID("emoji").addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    byID("emoji").setAttribute("aria-expanded", String(!panel.hidden));
    toEnd();
  });
  panel.append(
    ...emoji.map((sign) => h("button", { type: "button", onclick: () => insert(sign) }, sign)),
  );
  const tell = () => {
    byID("phone-clock").textContent = clock.format(new Date());
  };
  tell();
  setInterval(tell, 10_000);
  addEventListener("focus", changed);
}
