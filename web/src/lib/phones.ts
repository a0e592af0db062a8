/** Calling codes of two digits; those of one are +1 and +7, and all others have three (ITU-T E.164). */
const two = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);

/**
 * A number as people read it: +14155550100 is +1 415 555 0100. The groups are for
 * the eye alone and no country's own. A short code, or what is no number, stays.
 */
export function readablePhone(number: string): string {
  const digits = /^\+(\d{6,15})$/.exec(number)?.[1];
  if (!digits) return number;
  const length = /^[17]/.test(digits) ? 1 : two.has(digits.slice(0, 2)) ? 2 : 3;
  return [`+${digits.slice(0, length)}`, ...groups(digits.slice(length))].join(" ");
}

/** Three and three, and at the end up to four. */
function groups(rest: string): string[] {
  if (rest.length <= 4) return rest ? [rest] : [];
  const size = rest.length === 8 ? 4 : 3;
  return [rest.slice(0, size), ...groups(rest.slice(size))];
}
