// @ts-check
import { send } from "./api.js";
import { byID, h, say } from "./dom.js";
import { spelled } from "./format.js";

/** @type {Map<string, string>} texts that were begun and not sent, by what they belong to */
const begun = new Map();

let count = 0;

/**
 * A field with its label; a fault is shown at it.
 * @param {string} label
 * @param {any} control
 * @param {string} [hint]
 */
function field(label, control, hint) {
  count++;
  control.id = `field-${count}`;
  const fault = h("p", { class: "fault", id: `fault-${count}`, hidden: true });
  control.setAttribute("aria-describedby", fault.id);
  return h(
    "div",
    { class: "field" },
    h("label", { for: control.id }, label),
    control,
    hint && h("p", { class: "hint" }, hint),
    fault,
  );
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name of the field, or of none
 * @param {string} text
 */
function showFault(form, name, text) {
  const control = name ? form.elements.namedItem(name) : null;
  const own =
    control instanceof HTMLElement ? control.closest(".field")?.querySelector(".fault") : null;
  const fault = own ?? form.querySelector(".form-fault");
  if (!(fault instanceof HTMLElement)) return;
  fault.textContent = text;
  fault.hidden = false;
  if (control instanceof HTMLElement && own) {
    control.setAttribute("aria-invalid", "true");
    control.focus();
  }
}

/**
 * Something that may be ticked.
 * @param {string} name
 * @param {string} label
 * @param {{hint: string}} props
 */
function check(name, label, { hint }) {
  return h(
    "label",
    { class: "check" },
    h("input", { type: "checkbox", name, value: "1" }),
    h("span", {}, label, h("span", { class: "hint" }, hint)),
  );
}

/** @param {HTMLFormElement} form */
function clearFaults(form) {
  for (const f of form.querySelectorAll(".fault")) if (f instanceof HTMLElement) f.hidden = true;
  for (const c of form.querySelectorAll("[aria-invalid]")) c.removeAttribute("aria-invalid");
}

/**
 * What both forms share: the text, the files, Send.
 * @param {{key: string, fields: HTMLElement[], last?: HTMLElement | false, extra: Record<string, string>, label: string, sent: (id: number) => void}} props
 */
function letterForm({ key, fields, last, extra, label, sent }) {
  const text = h("textarea", {
    name: "text",
    rows: extra.reply_to ? "5" : "10",
    required: true,
    maxlength: "100000",
  });
  text.value = begun.get(key) ?? "";
  text.addEventListener("input", () => begun.set(key, text.value));
  const button = h("button", { class: "button primary" }, "Send");
  const form = h(
    "form",
    { class: "letter", "aria-label": label, novalidate: true },
    ...fields,
    field("Text", text),
    field("Attachments", h("input", { type: "file", name: "files", multiple: true })),
    last,
    h("p", { class: "fault form-fault", role: "alert", hidden: true }),
    h("div", { class: "actions" }, h("span", { class: "hint" }, "Ctrl + Enter sends"), button),
  );
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.isComposing) form.requestSubmit();
  });
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ e) => {
    e.preventDefault();
    if (button.disabled) return;
    clearFaults(form);
    const letter = new FormData(form);
    for (const [name, value] of Object.entries(extra)) letter.set(name, value);
    button.disabled = true;
    try {
      const { id } = await send(letter);
      begun.delete(key);
      say("Sent.");
      sent(id);
    } catch (err) {
      const fault = /** @type {import("./api.js").Fault} */ (err);
      showFault(form, fault.field ?? "", fault.message);
    } finally {
      button.disabled = false;
    }
  });
  return form;
}

/**
 * A new mail.
 * @param {{box: import("./api.js").Box, channels: {name: string, address: string}[], sent: (id: number) => void}} props
 */
export function showComposer({ box, channels, sent }) {
  const to = h(
    "select",
    { name: "to" },
    ...channels.map((c) => h("option", { value: c.address }, `${c.name} · ${c.address}`)),
  );
  const form = letterForm({
    key: `new/${box.box}`,
    label: `New mail from ${box.name}`,
    extra: { from: box.address, from_name: box.name },
    fields: [
      field(
        "To",
        to,
        channels.length === 0
          ? "The business has no email channel yet. Add one in its settings."
          : "",
      ),
      field(
        "Cc",
        h("input", { name: "cc", autocomplete: "off", placeholder: "priya@raman-family.example" }),
        "People of this page can join in and answer.",
      ),
      field("Subject", h("input", { name: "subject", autocomplete: "off", maxlength: "500" })),
    ],
    last: check("forged", "Forge the sender", {
      hint: " It leaves from a stranger's server. The inbox marks it as not verified.",
    }),
    sent,
  });
  byID("reader").replaceChildren(
    h(
      "div",
      { class: "panel-head" },
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
      h(
        "div",
        { class: "panel-title" },
        h("h2", {}, "New mail"),
        h("p", {}, `from ${spelled({ name: box.name, email: box.address })}`),
      ),
    ),
    h("div", { class: "scroll" }, form),
  );
  form.elements.namedItem(channels.length > 1 ? "to" : "subject").focus();
}

/**
 * The answer below a mail.
 * @param {{box: import("./api.js").Box, mail: import("./api.js").Mail, sent: (id: number) => void}} props
 */
export function answerForm({ box, mail, sent }) {
  return letterForm({
    key: `answer/${box.box}/${mail.id}`,
    label: "Answer",
    extra: {
      from: box.address,
      from_name: box.name,
      to: mail.answer_to.email,
      reply_to: String(mail.id),
    },
    fields: [
      h(
        "p",
        { class: "answer-to" },
        mail.sent ? "Write again to " : "Answer to ",
        h("code", {}, mail.answer_to.email),
      ),
    ],
    last: check("drop_references", "Leave out In-Reply-To and References", {
      hint: " as some mail programs do. The answer still finds its conversation.",
    }),
    sent,
  });
}
