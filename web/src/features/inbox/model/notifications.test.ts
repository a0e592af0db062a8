import { expect, test } from "vitest";
import type { Conversation } from "@/api/types";
import { conversation } from "@/test/mail";
import { concerns, useNotifications } from "./notifications";

const event = { seq: 1, at: "2026-11-22T10:00:00Z", kind: "message.received", conversation_id: 1 };
const me = 1;

test.each<[string, Partial<Conversation>, number | undefined, boolean]>([
  ["mine", { assignee_id: me }, undefined, true],
  ["nobody’s", { assignee_id: null }, undefined, true],
  ["a colleague’s", { assignee_id: 2 }, undefined, false],
  ["in front of me", { assignee_id: me }, 1, false],
  ["another in front of me", { assignee_id: me }, 5, true],
  ["spam", { assignee_id: null, folder: "spam" }, undefined, false],
  ["closed meanwhile", { assignee_id: me, folder: "closed" }, undefined, false],
])("a message in a conversation that is %s", (_, fields, inFront, heard) => {
  expect(concerns(event, conversation(fields), me, inFront)).toBe(heard);
});

test("only messages that came in are news", () => {
  const sent = { ...event, kind: "message.sent" };
  expect(concerns(sent, conversation(), me, undefined)).toBe(false);
});

test("three alerts at most, the newest of each conversation", () => {
  const { add, setOn } = useNotifications.getState();
  for (const id of [1, 2, 3, 2, 4]) add({ id, name: `C${id}`, text: "" });
  expect(useNotifications.getState().alerts.map(({ id }) => id)).toEqual([3, 2, 4]);
  setOn(false);
  expect(useNotifications.getState().alerts).toEqual([]);
  setOn(true);
});
