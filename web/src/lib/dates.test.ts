import { expect, test } from "vitest";
import { dateTime, relativeTime, shortTime, timezones, utcDay } from "./dates";

const now = new Date(2026, 10, 22, 12, 0);
const at = (...parts: [number, number, number, number?, number?]) => {
  const [year, month, day, hour = 9, minute = 5] = parts;
  return new Date(year, month, day, hour, minute).toISOString();
};

test.each([
  [at(2026, 10, 22), "9:05 AM"],
  [at(2026, 10, 19), "Thu"],
  [at(2026, 10, 3), "Nov 3"],
  [at(2025, 10, 22), "Nov 22, 2025"],
  [at(2026, 11, 24), "Dec 24"],
])("shortTime of %s is %s", (value, text) => {
  expect(shortTime(value, now)).toBe(text);
});

test("dateTime names the year only where it is another", () => {
  expect(dateTime(at(2026, 5, 3), now)).toBe("Jun 3, 9:05 AM");
  expect(dateTime(at(2025, 5, 3), now)).toBe("Jun 3, 2025, 9:05 AM");
});

test.each([
  [at(2026, 10, 22, 11, 59), "1 minute ago"],
  [at(2026, 10, 22, 12, 0), "this minute"],
  [at(2026, 10, 22, 9, 0), "3 hours ago"],
  [at(2026, 10, 21, 9, 0), "yesterday"],
  [at(2026, 10, 22, 14, 30), "in 2 hours"],
  [at(2026, 9, 1), "Oct 1"],
])("relativeTime of %s is %s", (value, text) => {
  expect(relativeTime(value, now)).toBe(text);
});

test("the reader's own zone stands first, once", () => {
  const zones = timezones();
  expect(zones).toContain("Europe/Amsterdam");
  expect(new Set(zones).size).toBe(zones.length);
});

test("utcDay is the same day in every zone", () => {
  expect(utcDay("2026-11-22")).toBe("Sun, Nov 22, 2026");
});
