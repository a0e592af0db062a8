/** Calling codes of two digits; those of one are +1 and +7, and all others have three (ITU-T E.164). */
const two = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * A number as people read it: +14155550100 is +1 415 555 0100. The groups are for
 * the eye alone and no country's own. A short code, or what is no number, stays.
 */
export function readablePhone(number: string): string {
  const digits = /^\+(\d{6,15})$/.exec(number)?.[1];
  if (!digits) return number;
  const length = /^[17]/.test(digits) ? 1 : two.test(digits) ? 2 : 3;
  return [`+${digits.slice(0, length)}`, ...groups(digits.slice(length))].join(" ");
}

/** Three and three, and at the end up to four. */
function groups(rest: string): string[] {
  if (rest.length <= 4) return rest ? [rest] : [];
  const size = rest.length === 8 ? 4 : 3;
  return [rest.slice(0, size), ...groups(rest.slice(size))];
}
