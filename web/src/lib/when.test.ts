import { expect, test } from "vitest";
import { parseWhen, presets } from "./when";

// A Wednesday.
const now = new Date(2026, 10, 18, 10, 30);
const show = (date: Date | undefined) =>
  date &&
  `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()} ${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;

test.each([
  ["tomorrow 9:00", "2026-11-19 9:00"],
  ["Tomorrow at 9", "2026-11-19 9:00"],
  ["at 9 tomorrow", "2026-11-19 9:00"],
  ["morgen um 9 uhr", "2026-11-19 9:00"],
  ["tomorrow at 9am", "2026-11-19 9:00"],
  ["tomorrow", "2026-11-19 9:00"],
  ["9:15 tomorrow", "2026-11-19 9:15"],
  ["tomorrow noon", "2026-11-19 12:00"],
  ["tonight", "2026-11-18 19:00"],
  ["today 17:00", "2026-11-18 17:00"],
  ["today 9:00", undefined],
  ["17:45", "2026-11-18 17:45"],
  ["9:45", "2026-11-19 9:45"],
  ["5 pm", "2026-11-18 17:00"],
  ["12 am", "2026-11-19 0:00"],
  ["in 2 hours", "2026-11-18 12:30"],
  ["in 90 minutes", "2026-11-18 12:00"],
  ["in 1.5 hours", "2026-11-18 12:00"],
  ["in an hour", "2026-11-18 11:30"],
  ["in 3 days", "2026-11-21 9:00"],
  ["in 3 days at 14:00", "2026-11-21 14:00"],
  ["in a week", "2026-11-25 9:00"],
  ["in 1 month", "2026-12-18 9:00"],
  ["monday", "2026-11-23 9:00"],
  ["on Friday 8:30", "2026-11-20 8:30"],
  ["wednesday 8:00", "2026-11-25 8:00"],
  ["wednesday 18:00", "2026-11-18 18:00"],
  ["next wednesday", "2026-11-25 9:00"],
  ["next week", "2026-11-23 9:00"],
  ["24 Dec 10:00", "2026-12-24 10:00"],
  ["Dec 24, 10:00", "2026-12-24 10:00"],
  ["3 March", "2027-3-3 9:00"],
  ["2026-12-24 10:00", "2026-12-24 10:00"],
  ["24.12. 10:00", "2026-12-24 10:00"],
  ["24.12.2027", "2027-12-24 9:00"],
  ["31.2.", undefined],
  ["morgen 9 Uhr", "2026-11-19 9:00"],
  ["morgen um 9:30", "2026-11-19 9:30"],
  ["übermorgen", "2026-11-20 9:00"],
  ["am Montag um 8 Uhr 30", "2026-11-23 8:30"],
  ["in 2 Stunden", "2026-11-18 12:30"],
  ["in einer Woche", "2026-11-25 9:00"],
  ["nächste Woche", "2026-11-23 9:00"],
  ["25:00", undefined],
  ["13 pm", undefined],
  ["soon", undefined],
  ["", undefined],
])("%s is %s", (text, wanted) => {
  expect(show(parseWhen(text, now))).toBe(wanted);
});

test("what is offered is later, and nothing twice", () => {
  const names = (date: Date) => presets(date).map(({ name }) => name);
  expect(names(now)).toEqual(["laterToday", "tonight", "tomorrow", "monday"]);
  expect(names(new Date(2026, 10, 18, 13, 30))).toEqual(["tonight", "tomorrow", "monday"]);
  // A Sunday: Monday is tomorrow.
  expect(names(new Date(2026, 10, 22, 20))).toEqual(["tomorrow"]);
});
