import { expect, test } from "vitest";
import { conversation } from "@/test/mail";
import { shiftOf } from "./use-held-position";

const rows = (...ids: number[]) => ids.map((id) => conversation({ id }));

test.each([
  ["nothing changed", [1, 2, 3], [1, 2, 3], 1, 0],
  ["one arrived above", [1, 2, 3], [9, 1, 2, 3], 1, 1],
  ["two left above", [1, 2, 3, 4], [3, 4], 2, -2],
  ["what arrives below moves nothing", [1, 2, 3], [1, 2, 9, 3], 0, 0],
  ["the first visible left: the next one holds", [1, 2, 3, 4], [1, 3, 4], 1, -1],
  ["a row moved from below to the top", [1, 2, 3, 4], [4, 1, 2, 3], 1, 1],
  ["another list altogether", [1, 2], [8, 9], 0, 0],
])("%s", (_, before, after, first, shift) => {
  expect(shiftOf(rows(...before), rows(...after), first)).toBe(shift);
});
