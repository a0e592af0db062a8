import { expect, test, vi } from "vitest";
import { Live, type LiveDeps } from "./realtime";
import type { LiveEvent } from "./types";

function event(seq: number, prev?: number): LiveEvent {
  return {
    seq,
    at: "2026-01-01T00:00:00Z",
    kind: "message.received",
    ...(prev === undefined ? {} : { prev }),
  };
}

/** A connection that does nothing by itself; the test publishes through live.receive. */
function fakeClient() {
  const listeners = new Map<string, () => void>();
  const ofSubscription = new Map<string, () => void>();
  const subscription = {
    on: (name: string, run: () => void) => ofSubscription.set(name, run),
    fire: (name: string) => ofSubscription.get(name)?.(),
    subscribe: vi.fn(),
    removeAllListeners: () => ofSubscription.clear(),
  };
  const client = {
    on: (name: string, run: () => void) => listeners.set(name, run),
    connect: vi.fn(),
    disconnect: vi.fn(),
    removeAllListeners: vi.fn(),
    getSubscription: () => null,
    newSubscription: vi.fn(() => subscription),
    removeSubscription: vi.fn(),
  };
  return { client, subscription, fire: (name: string) => listeners.get(name)?.() };
}

async function started(eventsAfter: LiveDeps["eventsAfter"], seq = 10) {
  const fake = fakeClient();
  const live = new Live({ connect: async () => fake.client as never, eventsAfter });
  const heard: number[] = [];
  live.onEvent(({ seq }) => heard.push(seq));
  await live.start(seq);
  return { live, heard, ...fake };
}

const nothing = async () => ({ items: [], next_seq: 0 });

test("an event that comes by two channels is heard once", async () => {
  const { live, heard } = await started(nothing);
  live.receive("user:1", event(11, 10));
  live.receive("inbox:1", event(11, 9));
  expect(heard).toEqual([11]);
});

test("events of two channels that pass each other are both heard", async () => {
  const { live, heard } = await started(nothing);
  live.receive("inbox:1", event(12, 8));
  live.receive("inbox:2", event(11, 7));
  expect(heard).toEqual([12, 11]);
});

test("what is known from the start is not told again", async () => {
  const { live, heard } = await started(nothing);
  live.receive("inbox:1", event(10));
  expect(heard).toEqual([]);
});

test("a gap on a channel is filled first, and in order", async () => {
  const items = [event(12), event(13), event(14)];
  const { live, heard } = await started(async (after) => ({
    items: items.filter(({ seq }) => seq > after),
    next_seq: 14,
  }));
  live.receive("inbox:1", event(11, 10));
  live.receive("inbox:1", event(14, 13));
  live.receive("inbox:1", event(15, 14));
  expect(heard).toEqual([11]);
  await vi.waitFor(() => expect(heard).toEqual([11, 12, 13, 14, 15]));
});

test("a new connection asks for what it missed, page by page", async () => {
  const asked: number[] = [];
  const pages = [
    { items: [event(11), event(12)], next_seq: 12 },
    { items: [event(13)], next_seq: 13 },
    { items: [], next_seq: 13 },
  ];
  const { live, heard, fire } = await started(async (after) => {
    asked.push(after);
    return pages.shift() ?? { items: [], next_seq: after };
  });
  fire("connected");
  await live.catchUp();
  expect(heard).toEqual([11, 12, 13]);
  expect(asked.slice(0, 3)).toEqual([10, 12, 13]);
  expect(live.state).toBe("live");
});

test("a reset is passed on, and later numbers go on from there", async () => {
  const { live, heard, fire } = await started(async (after) => ({
    items: [],
    next_seq: 900,
    reset: after < 900,
  }));
  const reset = vi.fn();
  live.onReset(reset);
  fire("connected");
  await live.catchUp();
  live.receive("inbox:1", event(899));
  live.receive("inbox:1", event(901));
  await vi.waitFor(() => expect(heard).toEqual([901]));
  expect(reset).toHaveBeenCalledTimes(1);
});

test("a catch-up that fails lets events through and asks again", async () => {
  vi.useFakeTimers();
  let fails = true;
  const { live, heard } = await started(async () => {
    if (fails) throw new Error("away");
    return { items: [event(11)], next_seq: 11 };
  });
  const first = live.catchUp();
  live.receive("inbox:1", event(12));
  await first;
  expect(heard).toEqual([12]);
  fails = false;
  await vi.advanceTimersByTimeAsync(3000);
  expect(heard).toEqual([12, 11]);
  live.stop();
  vi.useRealTimers();
});

test("a channel is listened to until its last caller lets go", async () => {
  const { live, client } = await started(nothing);
  const first = live.subscribe("conversation:7");
  const second = live.subscribe("conversation:7");
  expect(client.newSubscription).toHaveBeenCalledTimes(1);
  first();
  first();
  expect(client.removeSubscription).not.toHaveBeenCalled();
  second();
  expect(client.removeSubscription).toHaveBeenCalledTimes(1);
});

test("opening a conversation asks for nothing: its inbox has told everything", async () => {
  const eventsAfter = vi.fn(nothing);
  const { live, subscription } = await started(eventsAfter);
  live.subscribe("conversation:7");
  subscription.fire("subscribed");
  expect(eventsAfter).not.toHaveBeenCalled();
  live.subscribe("inbox:1");
  subscription.fire("subscribed");
  expect(eventsAfter).toHaveBeenCalledTimes(1);
});
