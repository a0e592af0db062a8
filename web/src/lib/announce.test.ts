import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { announce, attachRegion } from "./announce";

const region = document.createElement("div");

beforeEach(() => {
  vi.useFakeTimers();
  attachRegion(region);
});

afterEach(() => {
  attachRegion(null);
  vi.useRealTimers();
});

test("what comes in quick succession is said together, and once", async () => {
  announce("Closed");
  announce("Closed");
  announce("2 new messages");
  expect(region.textContent).toBe("");
  await vi.advanceTimersByTimeAsync(500);
  expect(region.textContent).toBe("Closed. 2 new messages");
});
