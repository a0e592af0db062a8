// @ts-check

/**
 * @typedef {{name?: string, email: string}} Address
 * @typedef {{box: string, name: string, address: string, phone: string, about: string, unread: number, texts: number, team: boolean}} Box
 * @typedef {{mailboxes: Box[], channels: {name: string, address: string}[], numbers: {name: string, address: string}[], product: {url: string, email: string, password: string}}} State
 * @typedef {{id: number, at: string, sent: boolean, unread: boolean, from: Address, to: Address[], subject: string, preview: string, has_attachment: boolean}} Row
 * @typedef {Row & {cc: Address[], reply_to: Address[], answer_to: Address, internet_id: string, in_reply_to: string[], references: string[],
 *   text: string, quoted: string, has_html: boolean, parts: {n: number, filename: string, content_type: string, size: number}[]}} Mail
 * @typedef {{id: string, at: string, written: boolean, number: string, body: string, delivered: boolean, pictures: {n: number, content_type: string, shown: boolean}[]}} Text
 */

/** A fault that a person may read, and the field that it is about. */
export class Fault extends Error {
  /**
   * @param {string} detail
   * @param {string} field
   */
  constructor(detail, field) {
    super(detail);
    this.field = field;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function call(path, init) {
  let answer;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new Fault("The demo does not answer. Is it still running?", "");
  }
  const body = await answer.json();
  if (!answer.ok) throw new Fault(body.detail, body.field ?? "");
  return body;
}

/** @returns {Promise<State>} */
export const getState = () => call("/api/state");

/**
 * @param {string} box
 * @returns {Promise<Row[]>}
 */
export const getRows = async (box) =>
  (await call(`/api/mails?box=${encodeURIComponent(box)}`)).items;

/**
 * @param {number} id
 * @param {string} box
 * @returns {Promise<Mail>}
 */
export const getMail = (id, box) => call(`/api/mails/${id}?box=${encodeURIComponent(box)}`);

/**
 * @param {number} id
 * @param {string} box
 */
export const markRead = (id, box) =>
  call(`/api/mails/${id}/read?box=${encodeURIComponent(box)}`, { method: "POST" });

/**
 * @param {FormData} letter
 * @returns {Promise<{id: number}>}
 */
export const send = (letter) => call("/api/mails", { method: "POST", body: letter });

/**
 * @param {string} phone
 * @returns {Promise<Text[]>}
 */
export const getTexts = async (phone) =>
  (await call(`/api/texts?phone=${encodeURIComponent(phone)}`)).items;

/** @param {string} phone */
export const markSeen = (phone) =>
  call(`/api/texts/seen?phone=${encodeURIComponent(phone)}`, { method: "POST" });

/**
 * @param {FormData} text
 * @returns {Promise<{id: string}>}
 */
export const sendText = (text) => call("/api/texts", { method: "POST", body: text });

/**
 * Calls back at once and whenever something changed. The browser connects again by itself.
 * @param {() => void} changed
 */
export function follow(changed) {
  new EventSource("/api/changes").addEventListener("message", changed);
}
