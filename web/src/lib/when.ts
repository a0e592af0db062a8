/**
 * Times as people write them, in English and German: “tomorrow 9:00”, “in 2
 * hours”, “Montag 8 Uhr”, “24.12. 10:00”. Read in the reader's own zone.
 */
const weekdays = [
  ["sunday", "sun", "sonntag", "so"],
  ["monday", "mon", "montag", "mo"],
  ["tuesday", "tue", "tues", "dienstag", "di"],
  ["wednesday", "wed", "mittwoch", "mi"],
  ["thursday", "thu", "thur", "thurs", "donnerstag", "do"],
  ["friday", "fri", "freitag", "fr"],
  ["saturday", "sat", "samstag", "sa"],
];

const months = [
  ["january", "jan", "januar"],
  ["february", "feb", "februar"],
  ["march", "mar", "märz", "mrz"],
  ["april", "apr"],
  ["may", "mai"],
  ["june", "jun", "juni"],
  ["july", "jul", "juli"],
  ["august", "aug"],
  ["september", "sep", "sept"],
  ["october", "oct", "oktober", "okt"],
  ["november", "nov"],
  ["december", "dec", "dezember", "dez"],
];

const days: Record<string, number> = {
  today: 0,
  tonight: 0,
  heute: 0,
  tomorrow: 1,
  morgen: 1,
  übermorgen: 2,
};

const units: readonly [RegExp, number][] = [
  [/^(min(ute)?n?s?|m)$/, 60_000],
  [/^(h|hours?|hrs?|stunden?|std)$/, 3_600_000],
];

/** When nothing more is said, a message leaves when people begin their day. */
const morning = { hour: 9, minute: 0 };
const evening = { hour: 19, minute: 0 };

interface Clock {
  hour: number;
  minute: number;
}

/** The time that is meant; undefined where none is, or where it is over. */
export function parseWhen(text: string, now: Date): Date | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    // “at 9” needs no minutes.
    .replace(/\b(at|um) (\d{1,2})(?=$|,? [^\d]*$)(?! ?([ap]\.?m|uhr|h\b))/, "$1 $2:00");
  if (!plain) return undefined;
  const found = fromNow(plain, now) ?? onDay(plain, now);
  return found && found > now ? found : undefined;
}

/** “in 2 hours”, “in 3 Tagen”, “in a week” */
function fromNow(text: string, now: Date): Date | undefined {
  const found = /^in (an?|one|eine[rmn]?|\d+(?:[.,]5)?) ?(\p{L}+)(?: (?:at |um )?(.+))?$/u.exec(
    text,
  );
  if (!found?.[1] || !found[2]) return undefined;
  const [, amount, unit, rest] = found;
  const count = /^\d/.test(amount) ? Number(amount.replace(",", ".")) : 1;
  const size = units.find(([name]) => name.test(unit))?.[1];
  if (size) return rest ? undefined : new Date(now.getTime() + count * size);
  const clock = rest === undefined ? morning : clockOf(rest);
  if (!clock || !Number.isInteger(count)) return undefined;
  if (/^(days?|tag(en)?|d)$/.test(unit)) return at(shifted(now, count), clock);
  if (/^(weeks?|wochen?|w)$/.test(unit)) return at(shifted(now, 7 * count), clock);
  if (!/^(months?|monat(en)?)$/.test(unit)) return undefined;
  return at(new Date(now.getFullYear(), now.getMonth() + count, now.getDate()), clock);
}

/** A day and a clock in either order, or one of the two. */
function onDay(text: string, now: Date): Date | undefined {
  const words = text.replaceAll(/\b(on|at|um|am|the|den|dem)\b ?/g, (word) =>
    // “9 am” is a clock, “am Montag” is not.
    /^am/.test(word) ? word : "",
  );
  const plain = words.replace(/^am (?!\d)/, "").trim();
  const only = clockOf(plain);
  if (only) {
    const today = at(now, only);
    return today > now ? today : at(shifted(now, 1), only);
  }
  const parts = plain.replaceAll(",", " ").split(" ").filter(Boolean);
  for (let cut = parts.length; cut >= 0; cut -= 1) {
    const [head, tail] = [parts.slice(0, cut).join(" "), parts.slice(cut).join(" ")];
    const first = read(head, tail, now) ?? (cut > 0 ? read(tail, head, now) : undefined);
    if (first) return first;
  }
  return undefined;
}

function read(day: string, clock: string, now: Date): Date | undefined {
  const date = dayOf(day, now);
  if (!date) return undefined;
  const time = clock === "" ? (day === "tonight" ? evening : morning) : clockOf(clock);
  if (!time) return undefined;
  const found = at(date, time);
  // “Monday 8:00”, said on a Monday at nine, is a week from now.
  const weekday = weekdays.some((names) => names.includes(bare(day)));
  return found <= now && weekday ? at(shifted(date, 7), time) : found;
}

function bare(day: string): string {
  return day
    .replace(/\.$/, "")
    .replace(/^(next|this|nächste[rnms]?|kommende[rnms]?|diese[rnms]?) /, "");
}

function dayOf(text: string, now: Date): Date | undefined {
  if (text in days) return shifted(now, days[text] ?? 0);
  if (/^(next week|nächste woche)$/.test(text)) return shifted(now, 8 - (now.getDay() || 7));
  const weekday = weekdays.findIndex((names) => names.includes(bare(text)));
  if (weekday >= 0) {
    const ahead = (weekday - now.getDay() + 7) % 7;
    return shifted(now, ahead === 0 && text.startsWith("next ") ? 7 : ahead);
  }
  return dateOf(text, now);
}

/** 2026-12-24 · 24.12. · 24.12.2026 · 24 Dec · Dec 24 2026 */
function dateOf(text: string, now: Date): Date | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return dated(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4})?$/.exec(text);
  if (dotted) return coming(Number(dotted[1]), Number(dotted[2]), dotted[3], now);
  const named =
    /^(?<day>\d{1,2})(?:st|nd|rd|th|\.)? (?<month>\p{L}+)\.?(?: (?<year>\d{4}))?$/u.exec(text) ??
    /^(?<month>\p{L}+)\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?: (?<year>\d{4}))?$/u.exec(text);
  const month = months.findIndex((names) => names.includes(named?.groups?.month ?? ""));
  if (!named?.groups || month < 0) return undefined;
  return coming(Number(named.groups.day), month + 1, named.groups.year, now);
}

/** Without a year, the next time that day comes. */
function coming(day: number, month: number, year: string | undefined, now: Date) {
  if (year) return dated(Number(year), month, day);
  const this_ = dated(now.getFullYear(), month, day);
  const over = this_ && this_ < new Date(now.getFullYear(), now.getMonth(), now.getDate());
  return over ? dated(now.getFullYear() + 1, month, day) : this_;
}

function dated(year: number, month: number, day: number): Date | undefined {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined;
}

const dayparts: readonly [RegExp, Clock][] = [
  [/^(noon|mittags?)$/, { hour: 12, minute: 0 }],
  [/^(morning|früh|in the morning)$/, morning],
  [/^(afternoon|nachmittags?)$/, { hour: 14, minute: 0 }],
  [/^(evening|abends?)$/, evening],
];

/** 9:00 · 9.30 · 9 am · 9pm · 17h · 8 Uhr · 8 Uhr 30 · noon · mittag */
function clockOf(text: string): Clock | undefined {
  const part = dayparts.find(([name]) => name.test(text))?.[1];
  if (part) return part;
  const german = /^(\d{1,2}) uhr (\d{2})$/.exec(text);
  const found = german ?? /^(\d{1,2})(?:[:.](\d{2}))? ?([ap])?(?:\.?m\.?|h|uhr)?$/.exec(text);
  // A number alone is no clock.
  if (!found || /^\d+$/.test(text)) return undefined;
  const hour = hourOf(Number(found[1]), found[3]);
  const minute = Number(found[2] ?? 0);
  return hour !== undefined && hour < 24 && minute < 60 ? { hour, minute } : undefined;
}

/** Of twelve hours twice, or of twenty-four. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  if (!half) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === "p" ? 12 : 0);
}

function at(date: Date, { hour, minute }: Clock): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour, minute);
}

function shifted(date: Date, by: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + by);
}

export interface Preset {
  name: "laterToday" | "tonight" | "tomorrow" | "monday";
  at: Date;
}

/** What most people mean by later. */
export function presets(now: Date): Preset[] {
  const today = (hour: number) => at(now, { hour, minute: 0 });
  const tomorrow = at(shifted(now, 1), morning);
  const all: Preset[] = [
    { name: "laterToday", at: today(14) },
    { name: "tonight", at: today(19) },
    { name: "tomorrow", at: tomorrow },
    { name: "monday", at: at(shifted(now, 8 - (now.getDay() || 7)), morning) },
  ];
  // Soon is no later, and Monday is tomorrow on a Sunday.
  const soon = now.getTime() + 60 * 60_000;
  return all.filter(
    (one) => one.at.getTime() > soon && (one.name !== "monday" || one.at > tomorrow),
  );
}
