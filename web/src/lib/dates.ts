import { currentLanguage } from "./i18n";

/**
 * Times come as RFC 3339 in UTC and are shown in the reader's own zone.
 * Formatters are slow to make and cheap to use, so each is made once.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(value: string | Date, options: Intl.DateTimeFormatOptions): string {
  const language = currentLanguage();
  const key = language + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(language, options);
    formatters.set(key, formatter);
  }
  return formatter.format(typeof value === "string" ? new Date(value) : value);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** The shortest form that is not misread: 14:32 today, Tue this week, 3 Jun this year, else 3 Jun 2024. */
export function shortTime(value: string, now = new Date()): string {
  const date = new Date(value);
  if (sameDay(date, now)) return format(date, { hour: "numeric", minute: "2-digit" });
  const age = now.getTime() - date.getTime();
  if (age >= 0 && age < 6 * day) return format(date, { weekday: "short" });
  if (date.getFullYear() === now.getFullYear()) {
    return format(date, { day: "numeric", month: "short" });
  }
  return format(date, { day: "numeric", month: "short", year: "numeric" });
}

/** A day with its time, for message heads and lists of records. */
export function dateTime(value: string, now = new Date()): string {
  const year = new Date(value).getFullYear() === now.getFullYear() ? undefined : "numeric";
  return format(value, {
    day: "numeric",
    month: "short",
    year,
    hour: "numeric",
    minute: "2-digit",
  });
}

/** Everything, for titles and screen readers. */
export function fullTime(value: string): string {
  return format(value, { dateStyle: "full", timeStyle: "short" });
}

/** From when to when; of whole days the last one, though the end is the day behind it. */
export function period(start: string, end: string | null, days: boolean): string {
  const language = currentLanguage();
  const form = days
    ? new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" })
    : new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  const from = new Date(start);
  const last = end ? new Date(Date.parse(end) - (days ? day : 0)) : from;
  return last > from ? form.formatRange(from, last) : form.format(from);
}

export function dayName(value: string): string {
  return format(value, { weekday: "long", day: "numeric", month: "long" });
}

/** "5 minutes ago", "in 2 hours": relative while it helps, then the date. */
export function relativeTime(value: string, now = new Date()): string {
  const elapsed = new Date(value).getTime() - now.getTime();
  const size = Math.abs(elapsed);
  const relative = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: "auto" });
  if (size < minute) return relative.format(0, "minute");
  if (size < hour) return relative.format(Math.trunc(elapsed / minute), "minute");
  if (size < day) return relative.format(Math.trunc(elapsed / hour), "hour");
  if (size < 7 * day) return relative.format(Math.trunc(elapsed / day), "day");
  return shortTime(value, now);
}

/** The zones a browser knows, for the set-up page; its own first. */
export function timezones(): string[] {
  const own = ownTimezone();
  const all = Intl.supportedValuesOf("timeZone");
  return [own, ...all.filter((zone) => zone !== own)];
}

export function ownTimezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** A day that is the same everywhere, such as one of the journal's: 2026-11-22. */
export function utcDay(value: string): string {
  return format(value, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}
