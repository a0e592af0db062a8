// @ts-check

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/**
 * The time today, else the day.
 * @param {string} at
 */
export function when(at) {
  const t = new Date(at);
  return t.toDateString() === new Date().toDateString() ? clock.format(t) : day.format(t);
}

/** @param {string} at */
export const whenExactly = (at) => full.format(new Date(at));

/** @param {{name?: string, email: string}} a */
export const display = (a) => a.name || a.email;

/** @param {{name?: string, email: string}} a */
export const spelled = (a) => (a.name ? `${a.name} <${a.email}>` : a.email);

/**
 * Up to two letters for a name.
 * @param {string} name
 */
export function initials(name) {
  const words = name.split(/[\s@.]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters
    .map((w) => Array.from(w ?? "")[0])
    .join("")
    .toUpperCase();
}

/**
 * One of six colours, always the same for a name.
 * @param {string} key
 */
export function tint(key) {
  let sum = 0;
  for (const c of key) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 997;
  return sum % 6;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/**
 * A number as people write it: in groups.
 * @param {string} number
 */
export function spaced(number) {
  const [, country, area, rest] =
    number.match(/^(\+1)(\d{3})(\d{7})$/) ?? number.match(/^(\+44)(\d{4})(\d+)$/) ?? [];
  if (!country) return number;
  return country === "+1"
    ? `+1 ${area} ${rest.slice(0, 3)} ${rest.slice(3)}`
    : `${country} ${area} ${rest}`;
}
