import { type Count, clustersOf, isGsm, measure } from "./measure";

/** A way to say the same for less. */
export interface Proposal {
  readonly text: string;
  /** What is replaced, each once, in the order of the text; an empty twin is left out. */
  readonly replaced: readonly { readonly from: string; readonly to: string }[];
  /** How many places in the text change. */
  readonly places: number;
  readonly before: Count;
  readonly after: Count;
}

/** What word processors and telephones put in unasked, and what stands for it in the GSM alphabet. */
const twins = new Map<string, string>();
for (const [to, all] of [
  ["'", "‘’‚‛′‵ʼ`´"],
  ['"', "“”„‟″‶«»"],
  ["-", "‐‑‒–—―−"],
  ["...", "…"],
  [
    " ",
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
  ],
  ["\n", "\u2028\u2029"],
  ["", "\u00ad\u200b\u200e\u200f\u2060\ufeff"],
] as const) {
  for (const from of all) twins.set(from, to);
}

/** The twin of a character, also of a letter with its accent apart; undefined where it has none. */
function twinOf(cluster: string): string | undefined {
  const composed = cluster.normalize("NFC");
  const twin = Array.from(composed, (character) => twins.get(character) ?? character).join("");
  return isGsm(twin) ? twin : undefined;
}

/**
 * The text with those of its characters replaced that have a twin in the GSM alphabet.
 * There is no proposal where that saves no segment: where another character keeps the
 * text UCS-2, or it is short. Letters are never changed for others.
 */
export function cheaper(text: string): Proposal | undefined {
  const before = measure(text);
  if (before.encoding === "gsm" || before.segments < 2) return undefined;
  const replaced = new Map<string, string>();
  let places = 0;
  let plain = "";
  for (const cluster of clustersOf(text)) {
    const to = isGsm(cluster) ? cluster : twinOf(cluster);
    if (to === undefined) return undefined;
    if (to !== cluster) {
      replaced.set(cluster, to);
      places++;
    }
    plain += to;
  }
  const after = measure(plain);
  if (after.segments >= before.segments) return undefined;
  return {
    text: plain,
    replaced: Array.from(replaced, ([from, to]) => ({ from, to })),
    places,
    before,
    after,
  };
}
