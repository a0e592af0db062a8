// @ts-check

/**
 * An element with its attributes and children. Text is always text: nothing of a
 * mail is ever read as HTML here.
 * @param {string} tag
 * @param {Record<string, unknown>} [attrs] on… are listeners; false and undefined are left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, attrs = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on"))
      el.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) el.append(child);
  return el;
}

/**
 * @param {string} id
 * @returns {any}
 */
export const byID = (id) => document.getElementById(id);

/**
 * Replaces what is in a list without taking the focus from who stands on it.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} items whose focusable element has a data-key
 */
export function refill(parent, items) {
  const held = document.activeElement;
  const key = held instanceof HTMLElement && parent.contains(held) ? held.dataset.key : undefined;
  parent.replaceChildren(...items);
  if (key === undefined) return;
  for (const el of parent.querySelectorAll("[data-key]")) {
    if (el instanceof HTMLElement && el.dataset.key === key) el.focus({ preventScroll: true });
  }
}

/** @type {number | undefined} */
let hiding;

/**
 * Says something that happened, to eyes and to screen readers.
 * @param {string} text
 */
export function say(text) {
  const status = byID("status");
  status.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    status.textContent = "";
  }, 5000);
}
