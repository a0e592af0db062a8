import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { blank, type Content, isBlank } from "./content";
import { DraftKeeper, type Kept } from "./draft-keeper";

const written = (html: string): Content => ({ ...blank, html });

/** A server with one draft, a device, and the keeper between them. */
function setUp(stored?: { content: Content; version: number }) {
  const server = { draft: stored, down: false, refuse: undefined as string | undefined, puts: 0 };
  const device = { kept: undefined as Kept | undefined };
  const keeper = new DraftKeeper({
    put: async (content, base) => {
      server.puts += 1;
      if (server.down) throw new ApiProblem(0, { code: "offline" });
      if (server.refuse) throw new ApiProblem(404, { code: "not_found", key: server.refuse });
      if ((server.draft?.version ?? 0) !== base) {
        throw new ApiProblem(409, { key: "draft.newer", draft: server.draft });
      }
      server.draft = { content, version: base + 1 };
      return { version: base + 1 };
    },
    remove: async () => {
      server.draft = undefined;
    },
    read: () => device.kept,
    keep: (kept) => {
      device.kept = kept;
    },
    forget: () => {
      device.kept = undefined;
    },
    gone: () => undefined,
    worth: (content) => !isBlank(content),
  });
  return { server, device, keeper };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("what is written is on the device at once, and on the server within a second", async () => {
  const { server, device, keeper } = setUp();
  keeper.load(undefined);
  keeper.save(written("a"));
  keeper.save(written("ab"));
  expect(device.kept?.content.html).toBe("ab");
  expect(keeper.state).toBe("saving");
  await pass(1000);
  expect(server.draft?.content.html).toBe("ab");
  expect(server.puts).toBe(1);
  expect(keeper.state).toBe("saved");
  expect(device.kept).toBeUndefined();
});

test("each save builds on the one before", async () => {
  const { server, keeper } = setUp();
  keeper.load(undefined);
  keeper.save(written("a"));
  void keeper.flush();
  await pass(0);
  keeper.save(written("ab"));
  await pass(1000);
  expect(server.draft).toEqual({ content: written("ab"), version: 2 });
});

test("while the server is away the device keeps it, and it goes up when the server is back", async () => {
  const { server, device, keeper } = setUp();
  keeper.load(undefined);
  server.down = true;
  keeper.save(written("offline"));
  await pass(1000);
  expect(keeper.state).toBe("local");
  expect(device.kept?.content.html).toBe("offline");
  server.down = false;
  await pass(4000);
  expect(server.draft?.content.html).toBe("offline");
  expect(keeper.state).toBe("saved");
});

test("a refusal that will not pass is not repeated by itself", async () => {
  const { server, device, keeper } = setUp();
  keeper.load(undefined);
  server.refuse = "id.unknown";
  keeper.save(written("a"));
  await pass(20_000);
  expect(server.puts).toBe(1);
  expect(keeper.state).toBe("local");
  expect(device.kept?.content.html).toBe("a");
});

test("a reload goes on with what the device kept, which then reaches the server", async () => {
  const { server, device, keeper } = setUp({ content: written("old"), version: 4 });
  device.kept = { content: written("newer here"), base: 4 };
  expect(keeper.load(server.draft)?.html).toBe("newer here");
  expect(keeper.other).toBeNull();
  await pass(1000);
  expect(server.draft).toEqual({ content: written("newer here"), version: 5 });
});

test("written here and elsewhere: neither is lost", async () => {
  const { server, device, keeper } = setUp({ content: written("elsewhere"), version: 6 });
  device.kept = { content: written("here"), base: 4 };
  expect(keeper.load(server.draft)?.html).toBe("here");
  expect(keeper.other?.html).toBe("elsewhere");
  await pass(1000);
  expect(server.draft?.content.html).toBe("here");
  keeper.settle();
  expect(keeper.other).toBeNull();
});

test("saved elsewhere while writing here: ours is saved, theirs is offered", async () => {
  const { server, keeper } = setUp();
  const told = vi.fn();
  keeper.subscribe(told);
  keeper.load(undefined);
  server.draft = { content: written("another tab"), version: 3 };
  keeper.save(written("this tab"));
  await pass(1000);
  expect(server.draft).toEqual({ content: written("this tab"), version: 4 });
  expect(keeper.other?.html).toBe("another tab");
  expect(told).toHaveBeenCalled();
});

test("a blank draft is nothing to go on with", () => {
  const { server, keeper } = setUp({ content: written("<p></p>"), version: 2 });
  expect(keeper.load(server.draft)).toBeNull();
});

test("while a send is on its way nothing is saved; a refused one is saved again", async () => {
  const { server, device, keeper } = setUp();
  keeper.load(undefined);
  keeper.save(written("to be sent"));
  await keeper.hold();
  await pass(5000);
  expect(server.puts).toBe(0);
  expect(device.kept?.content.html).toBe("to be sent");
  keeper.save(written("to be sent"));
  await pass(1000);
  expect(server.draft?.content.html).toBe("to be sent");
});

test("sent or thrown away, nothing is left behind", async () => {
  const { server, device, keeper } = setUp();
  keeper.load(undefined);
  keeper.save(written("a"));
  await pass(1000);
  await keeper.discard();
  expect(server.draft).toBeUndefined();
  keeper.save(written("b"));
  keeper.sent();
  await pass(5000);
  expect(device.kept).toBeUndefined();
  expect(server.draft).toBeUndefined();
  expect(keeper.state).toBe("idle");
});
