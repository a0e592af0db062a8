import { expect, test } from "vitest";
import type { TimelineItem } from "@/api/types";
import { startsFirst } from "./timeline";

/** m: a message, n: a note, s: a start, e: another event. */
function item(name: string, id: number): TimelineItem {
  const kind = name === "m" ? "message" : name === "n" ? "note" : "event";
  const event = name === "s" ? "conversation.created" : "conversation.assigned";
  return { kind, id, event } as TimelineItem;
}

test.each([
  ["m1 s2 e3 m4", "s2 m1 e3 m4"],
  ["m1 m2 s3 m4", "s3 m1 m2 m4"],
  ["s1 m2", "s1 m2"],
  ["n1 m2 s3", "n1 s3 m2"],
  ["m1 s2 m3 m4 s5", "s2 m1 m3 s5 m4"],
  ["s1", "s1"],
  ["", ""],
])("%s reads %s", (from, to) => {
  const items = from
    .split(" ")
    .filter(Boolean)
    .map((word) => item(word.charAt(0), Number(word.slice(1))));
  const names = new Map(items.map((each, index) => [each, from.split(" ")[index]]));
  expect(
    startsFirst(items)
      .map((each) => names.get(each))
      .join(" "),
  ).toBe(to);
});
