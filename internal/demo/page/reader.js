// @ts-check
import { answerForm } from "./composer.js";
import { byID, h } from "./dom.js";
import { size, spelled, whenExactly } from "./format.js";

/** @param {string} title */
function backBar(title) {
  return h(
    "div",
    { class: "panel-head narrow-only" },
    h(
      "button",
      {
        type: "button",
        class: "button icon back",
        "aria-label": "Back to the mails",
        onclick: () => history.back(),
      },
      h("span", { class: "glyph glyph-back" }),
    ),
    h("div", { class: "panel-title" }, h("p", {}, title)),
  );
}

/**
 * @param {import("./api.js").Box} box
 * @param {string} [fault]
 */
export function showNothing(box, fault) {
  const say =
    fault || (box.team ? "Choose a mail." : `Choose a mail, or write one as ${box.name}.`);
  byID("reader").replaceChildren(backBar(box.name), h("div", { class: "empty" }, h("p", {}, say)));
}

/**
 * @param {{box: import("./api.js").Box, mail: import("./api.js").Mail, sent: (id: number) => void}} props
 */
export function showMail({ box, mail, sent }) {
  const reader = byID("reader");
  reader.replaceChildren(
    backBar(box.name),
    h(
      "div",
      { class: "scroll" },
      h(
        "article",
        { class: "mail", "aria-label": mail.subject || "(no subject)" },
        h("h2", { class: "mail-subject" }, mail.subject || "(no subject)"),
        head(mail),
        body(mail),
        parts(mail),
      ),
      !box.team && answerForm({ box, mail, sent }),
    ),
  );
  reader.querySelector(".scroll").scrollTop = 0;
}

/** @param {import("./api.js").Mail} mail */
function head(mail) {
  const line = (/** @type {string} */ name, /** @type {string} */ value) =>
    value && [h("dt", {}, name), h("dd", {}, value)];
  const ids = (/** @type {string[]} */ list) => list.map((id) => `<${id}>`).join(" ");
  const list = [
    line("From", spelled(mail.from)),
    line("To", mail.to.map(spelled).join(", ")),
    line("Cc", mail.cc.map(spelled).join(", ")),
    line("Sent", whenExactly(mail.at)),
  ].flatMap((l) => l || []);
  const more = [
    line("Reply-To", mail.reply_to.map(spelled).join(", ")),
    line("Message-ID", ids([mail.internet_id])),
    line("In-Reply-To", ids(mail.in_reply_to)),
    line("References", ids(mail.references)),
  ].flatMap((l) => l || []);
  return h(
    "div",
    { class: "mail-head" },
    h("dl", { class: "fields" }, ...list),
    h(
      "details",
      {},
      h("summary", {}, "Header"),
      h("dl", { class: "fields code" }, ...more),
      h(
        "a",
        { href: `/api/mails/${mail.id}/raw`, target: "_blank", rel: "noopener" },
        "The whole mail as it came",
      ),
    ),
  );
}

/** @param {import("./api.js").Mail} mail */
function body(mail) {
  if (!mail.has_html) return textBody(mail);
  const frame = h("iframe", {
    class: "mail-html",
    title: "The mail's text",
    src: `/api/mails/${mail.id}/html`,
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
  });
  frame.addEventListener("load", () => {
    const fit = () => {
      frame.height = String(
        Math.ceil(frame.contentDocument.documentElement.getBoundingClientRect().height),
      );
    };
    fit();
    new ResizeObserver(fit).observe(frame.contentDocument.documentElement);
  });
  return h("div", { class: "mail-card" }, frame);
}

/** @param {import("./api.js").Mail} mail */
function textBody(mail) {
  return h(
    "div",
    { class: "mail-text" },
    h("p", { class: "text" }, ...linked(mail.text.trim())),
    mail.quoted.trim() &&
      h(
        "details",
        {},
        h("summary", {}, "Quoted text"),
        h("p", { class: "text quoted" }, mail.quoted.trim()),
      ),
  );
}

/**
 * Text whose web addresses can be followed: an invitation holds one.
 * @param {string} text
 */
function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)
    .map((piece, i) =>
      i % 2 === 1 ? h("a", { href: piece, target: "_blank", rel: "noopener" }, piece) : piece,
    );
}

/** @param {import("./api.js").Mail} mail */
function parts(mail) {
  if (mail.parts.length === 0) return null;
  const item = (/** @type {import("./api.js").Mail["parts"][number]} */ p) =>
    h(
      "li",
      {},
      h(
        "a",
        { href: `/api/mails/${mail.id}/parts/${p.n}`, download: p.filename || "attachment" },
        p.filename || p.content_type,
      ),
      h("span", { class: "hint" }, size(p.size)),
    );
  return h("ul", { class: "parts", "aria-label": "Attachments" }, ...mail.parts.map(item));
}
