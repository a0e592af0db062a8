import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Intent, useAction } from "./action";
import { ApiProblem } from "./problem";
import { createQueryClient } from "./query";

const client = createQueryClient();
const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);
const away = () => new ApiProblem(0, { code: "offline" });
const refused = () => new ApiProblem(409, { code: "conflict" });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function setUp(answers: (() => string)[]) {
  const keys: string[] = [];
  const run = async (_: { text: string }, intent: Intent) => {
    keys.push(intent["Idempotency-Key"]);
    const answer = answers.shift();
    if (!answer) throw away();
    return answer();
  };
  const { result } = renderHook(() => useAction({ run }), { wrapper });
  const press = async (text: string) => {
    await act(async () => {
      result.current.mutate({ text });
      await vi.advanceTimersByTimeAsync(5000);
    });
  };
  return { keys, press, result };
}

const fails = (make: () => ApiProblem) => () => {
  throw make();
};

test("a server that is away for a moment is asked again with the same key", async () => {
  const { keys, press, result } = setUp([fails(away), fails(away), () => "done"]);
  await press("hello");
  expect(result.current.data).toBe("done");
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test("pressing again after no answer came is the same intent", async () => {
  const { keys, press, result } = setUp([fails(away), fails(away), fails(away), () => "done"]);
  await press("hello");
  expect(result.current.error?.code).toBe("offline");
  await press("hello");
  expect(result.current.data).toBe("done");
  expect(new Set(keys).size).toBe(1);
});

test("other words are another intent", async () => {
  const { keys, press } = setUp([fails(away), fails(away), fails(away), () => "done"]);
  await press("hello");
  await press("hello!");
  expect(new Set(keys).size).toBe(2);
});

test("a refusal is an answer: it is not repeated, and what follows is new", async () => {
  const { keys, press } = setUp([fails(refused), () => "done"]);
  await press("hello");
  expect(keys).toHaveLength(1);
  await press("hello");
  expect(new Set(keys).size).toBe(2);
});

test("doing the same thing twice is two intents", async () => {
  const { keys, press } = setUp([() => "done", () => "done"]);
  await press("hello");
  await press("hello");
  expect(new Set(keys).size).toBe(2);
});
