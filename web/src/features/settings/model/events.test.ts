import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { keys } from "@/api/keys";
import { channelsQuery } from "@/api/nouns";
import { createQueryClient } from "@/api/query";
import { channel } from "@/test/factories";
import { applySettingsEvent } from "./events";

const at = "2026-11-22T10:00:00Z";
const stale = (client: ReturnType<typeof createQueryClient>) =>
  client
    .getQueryCache()
    .getAll()
    .filter((query) => query.state.isInvalidated)
    .map((query) => query.queryKey[0]);

function filled() {
  const client = createQueryClient();
  for (const noun of [keys.users, keys.inboxes, keys.tokens, keys.blocklist, keys.intake]) {
    client.setQueryData(noun.list(), []);
  }
  client.setQueryData(keys.conversations.one(1), {});
  client.setQueryData(channelsQuery.queryKey, [
    channel(),
    channel({ id: 2, last_inbound_at: null }),
  ]);
  return client;
}

test.each([
  ["inbox.changed", ["users", "inboxes"]],
  ["channel.changed", ["conversations", "channels"]],
  ["user.changed", ["users", "inboxes"]],
  ["token.changed", ["tokens"]],
  ["blocklist.changed", ["blocklist"]],
  ["conversation.spam", ["blocklist"]],
  ["conversation.not_spam", ["blocklist"]],
  ["intake.failed", ["intake"]],
  ["conversation.closed", []],
])("%s makes stale %j", (kind, nouns) => {
  const client = filled();
  applySettingsEvent(client, { seq: 1, at, kind });
  expect(stale(client)).toEqual(nouns);
});

test("only the first mail of a channel is news about the channel", () => {
  const client = filled();
  applySettingsEvent(client, { seq: 1, at, kind: "message.received", channel_id: 1 });
  expect(stale(client)).toEqual([]);
  applySettingsEvent(client, { seq: 2, at, kind: "message.received", channel_id: 2 });
  expect(stale(client)).toEqual(["channels"]);
});

test.each(["sample.added", "sample.removed"])("%s makes everything stale", (kind) => {
  const client = filled();
  const watched = new QueryObserver(client, {
    queryKey: keys.users.list(),
    queryFn: () => new Promise(() => undefined),
    initialData: [],
    staleTime: Number.POSITIVE_INFINITY,
  });
  const stop = watched.subscribe(() => undefined);
  applySettingsEvent(client, { seq: 1, at, kind });
  expect(stale(client)).toEqual(["users"]);
  expect(client.getQueryCache().getAll()).toHaveLength(1);
  expect(watched.getCurrentResult().isFetching).toBe(true);
  stop();
});
