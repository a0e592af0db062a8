/**
 * What a text costs while it is written: the same count as internal/sms gives, held to
 * it by the table in internal/sms/testdata/measure.json, which both sides test.
 */

/** The GSM alphabet holds 160 characters in a text of one segment, UCS-2 holds 70. */
export type Encoding = "gsm" | "ucs2";

export interface Count {
  readonly encoding: Encoding;
  /** 0: there is no text. */
  readonly segments: number;
  /** Septets, or UTF-16 units. */
  readonly units: number;
  /** How many a segment holds, of as many as there are. */
  readonly perSegment: number;
  /** How many more the last one holds. */
  readonly left: number;
  /** The characters that make the text UCS-2, each once, in their order. */
  readonly offenders: readonly string[];
}

// 3GPP TS 23.038 6.2.1, and 6.2.1.1: those of the extension table take two septets.
const alphabet = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const extension = new Set("\f^{}\\[~]|€");

// The header that joins segments takes 6 of their 140 octets: 3GPP TS 23.040 9.2.3.24.1.
const room = { gsm: { whole: 160, part: 153 }, ucs2: { whole: 70, part: 67 } } as const;

/** How many septets a character takes; 0 where the alphabet lacks it. */
function septets(character: string): number {
  if (alphabet.has(character)) return 1;
  return extension.has(character) ? 2 : 0;
}

export function isGsm(text: string): boolean {
  return Array.from(text).every((character) => septets(character) > 0);
}

const segmenter =
  "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : undefined;

/** What a reader takes for one character each; an older browser tears emoji of several. */
export function clustersOf(text: string): string[] {
  if (!segmenter) return Array.from(text);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** As carriers count: a segment is filled until the next character has no place in it whole. */
export function measure(text: string): Count {
  const encoding = isGsm(text) ? "gsm" : "ucs2";
  const { whole, part } = room[encoding];
  const sizes = Array.from(text, encoding === "gsm" ? septets : (character) => character.length);
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const offenders = encoding === "gsm" ? [] : offendersOf(text);
  if (units <= whole) {
    const segments = units > 0 ? 1 : 0;
    return { encoding, segments, units, perSegment: whole, left: whole - units, offenders };
  }
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      segments++;
      used = 0;
    }
    used += size;
  }
  return { encoding, segments, units, perSegment: part, left: part - used, offenders };
}

function offendersOf(text: string): string[] {
  return [...new Set(clustersOf(text).filter((cluster) => !isGsm(cluster)))];
}
