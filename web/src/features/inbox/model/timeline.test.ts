import { expect, test } from "vitest";
import type { TimelineItem } from "@/api/types";
import { ago, message } from "@/test/mail";
import { foldReports, startsFirst } from "./timeline";

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
  ["s1 m2 s3", "s1 m2"],
  ["s1 e2 m3 s4", "s1 e2 m3"],
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

const report = { kind: "event" as const, at: ago(1), actor_id: null, message_id: 1 };

test("a bounce is one line, with the mail that tells of it behind", () => {
  const ours = message({ id: 1 });
  const bounce = message({ id: 2, is_bounce: true });
  const event = { ...report, id: 9, event: "message.bounced", data: { report: 2 } };
  const folded = foldReports([ours, bounce, event]);
  expect(folded).toEqual([{ item: ours }, { item: event, mail: 2, message: bounce }]);
  // The mail stands on another page: it is asked for when it is wanted.
  expect(foldReports([ours, event])[1]).toEqual({ item: event, mail: 2, message: undefined });
});

test("an automatic reply is shown where it is all that there is", () => {
  const alone = message({ id: 2, auto_submitted: true });
  const event = { ...report, id: 9, message_id: 2, event: "message.auto_replied", data: {} };
  expect(foldReports([alone, event])).toEqual([{ item: alone }, { item: event }]);
  expect(foldReports([message({ id: 1 }), alone, event])).toHaveLength(2);
});
