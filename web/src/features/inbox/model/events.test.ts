import type { InfiniteData } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "@/api/query";
import type { Conversation } from "@/api/types";
import { ago, conversation } from "@/test/mail";
import { toast, useToasts } from "@/ui/toast";
import { InboxEvents, patchPages } from "./events";
import { conversationQuery, type ListFilter, listQuery, timelineQuery } from "./queries";
import { toastName } from "./waiting";

type List = InfiniteData<{ items: Conversation[]; next_cursor: string }, string>;

const filter: ListFilter = { view: "all_open", sort: "newest" };

/** A row that is so many minutes old. */
const row = (id: number, minutes: number, fields: Partial<Conversation> = {}) =>
  conversation({ id, last_message_at: ago(minutes), ...fields });

function list(more: boolean, ...pages: Conversation[][]): List {
  return {
    pages: pages.map((items, index) => ({
      items,
      next_cursor: more || index < pages.length - 1 ? `after${index}` : "",
    })),
    pageParams: pages.map((_, index) => (index === 0 ? "" : `after${index - 1}`)),
  };
}

const ids = (data: List) => data.pages.map((page) => page.items.map(({ id }) => id));
const whole = list(false, [row(1, 10), row(2, 20), row(3, 30)]);

test("a row with a new message moves to its place", () => {
  const moved = patchPages(whole, [3], [row(3, 1)], filter);
  expect(ids(moved)).toEqual([[3, 1, 2]]);
});

test("a row that no longer belongs leaves", () => {
  expect(ids(patchPages(whole, [2], [], filter))).toEqual([[1, 3]]);
});

test("a row that belongs now appears", () => {
  expect(ids(patchPages(whole, [9], [row(9, 25)], filter))).toEqual([[1, 2, 9, 3]]);
});

test("the last of a list may leave it empty, and the first may come into it", () => {
  const one = list(false, [row(1, 10)]);
  expect(ids(patchPages(one, [1], [], filter))).toEqual([[]]);
  expect(ids(patchPages(list(false, []), [1], [row(1, 10)], filter))).toEqual([[1]]);
});

test("rows keep to the pages that there are", () => {
  const two = list(true, [row(1, 10), row(2, 20)], [row(3, 30), row(4, 40)]);
  expect(ids(patchPages(two, [4], [row(4, 1)], filter))).toEqual([
    [4, 1],
    [2, 3],
  ]);
});

test("what belongs behind the last page loaded is left for when that is read", () => {
  const first = list(true, [row(1, 10), row(2, 20)]);
  expect(ids(patchPages(first, [1], [row(1, 90)], filter))).toEqual([[2]]);
  expect(ids(patchPages(first, [9], [row(9, 15)], filter))).toEqual([[1, 9, 2]]);
});

test("longest waiting has those in which nobody waits behind all others", () => {
  const waits = list(false, [
    row(1, 1, { waiting_since: ago(90) }),
    row(2, 2, { waiting_since: ago(50) }),
  ]);
  const rows = [row(1, 1, { waiting_since: null })];
  expect(ids(patchPages(waits, [1], rows, { sort: "waiting" }))).toEqual([[2, 1]]);
});

test("order added goes by number, not by the newest message", () => {
  const added = list(false, [row(3, 30), row(2, 1)]);
  expect(ids(patchPages(added, [2], [row(2, 0)], { sort: "added" }))).toEqual([[3, 2]]);
});

/** Answers every list request with rows that belong, and counts what was asked. */
function serve(belongs: (id: number) => Conversation | undefined) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    asked.push(url.pathname + url.search);
    const wanted = url.searchParams.get("ids")?.split(",").map(Number) ?? [];
    return Response.json({ items: wanted.flatMap((id) => belongs(id) ?? []), next_cursor: "" });
  });
  return asked;
}

/** A client whose list is on the screen. */
function shown() {
  const client = createQueryClient();
  const { queryKey } = listQuery(filter);
  client.setQueryData(queryKey, whole);
  const query = client.getQueryCache().find({ queryKey });
  vi.spyOn(query as NonNullable<typeof query>, "isActive").mockReturnValue(true);
  return { client, now: () => ids(client.getQueryData(queryKey) as List) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const at = "2026-11-22T10:00:00Z";

test("what comes within a moment is asked for once, and only by id", async () => {
  const asked = serve((id) => (id === 2 ? row(2, 1) : undefined));
  const { client, now } = shown();
  const events = new InboxEvents(client);
  events.receive({ seq: 1, at, kind: "message.received", conversation_id: 2 });
  events.receive({ seq: 2, at, kind: "conversation.closed", conversation_id: 3 });
  events.receive({ seq: 3, at, kind: "message.received", conversation_id: 2 });
  await vi.advanceTimersByTimeAsync(50);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("ids=2%2C3");
  expect(now()).toEqual([[2, 1]]);
});

test("an open conversation and its timeline are read anew; reading it changes no timeline", async () => {
  serve(() => undefined);
  const { client } = shown();
  client.setQueryData(conversationQuery(2).queryKey, row(2, 20));
  client.setQueryData(timelineQuery(2).queryKey, { pages: [], pageParams: [] });
  const stale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;
  const events = new InboxEvents(client);
  events.receive({ seq: 1, at, kind: "conversation.read", conversation_id: 2 });
  await vi.advanceTimersByTimeAsync(50);
  expect(stale(conversationQuery(2).queryKey)).toBe(true);
  expect(stale(timelineQuery(2).queryKey)).toBe(false);
  events.receive({ seq: 2, at, kind: "note.added", conversation_id: 2 });
  await vi.advanceTimersByTimeAsync(50);
  expect(stale(timelineQuery(2).queryKey)).toBe(true);
});

test("a contact's new name reaches the rows that show it", async () => {
  const contact = { id: 7, name: "New", email: "n@x.example", phone: "", blocked: false };
  const asked = serve((id) => row(id, 20, { contact }));
  const { client } = shown();
  client.setQueryData(
    listQuery(filter).queryKey,
    list(false, [row(1, 10), row(2, 20, { contact: { ...contact, name: "Old" } })]),
  );
  const events = new InboxEvents(client);
  events.receive({ seq: 1, at, kind: "contact.updated", contact_id: 7 });
  await vi.advanceTimersByTimeAsync(50);
  expect(asked[0]).toContain("ids=2");
  const data = client.getQueryData(listQuery(filter).queryKey) as List;
  expect(data.pages[0]?.items[1]?.contact.name).toBe("New");
});

test("more changes than are worth asking for row by row make the lists stale", async () => {
  const asked = serve(() => undefined);
  const { client } = shown();
  const stale = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
  const events = new InboxEvents(client);
  for (let id = 1; id <= 101; id++) {
    events.receive({ seq: id, at, kind: "message.received", conversation_id: id });
  }
  await vi.advanceTimersByTimeAsync(50);
  expect(asked).toEqual([]);
  expect(stale).toHaveBeenCalledWith({ queryKey: ["conversations"] });
});

test("a list that could not be asked about is read whole", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("offline");
  });
  const { client } = shown();
  const events = new InboxEvents(client);
  events.receive({ seq: 1, at, kind: "message.received", conversation_id: 2 });
  await vi.advanceTimersByTimeAsync(50);
  expect(client.getQueryState(listQuery(filter).queryKey)?.isInvalidated).toBe(true);
});

test("what offers to take a message back goes once that is too late, or was done", () => {
  const events = new InboxEvents(shown().client);
  for (const message of [31, 32]) toast("Leaves in a moment", { name: toastName(message) });
  const offered = () => useToasts.getState().queue.map(({ name }) => name);
  const receive = (kind: string, message_id: number) =>
    events.receive({ seq: 1, at, kind, message_id });
  receive("message.scheduled", 31);
  expect(offered()).toEqual([toastName(31), toastName(32)]);
  receive("message.cancelled", 31);
  expect(offered()).toEqual([toastName(32)]);
  receive("message.sent", 32);
  expect(offered()).toEqual([]);
});
