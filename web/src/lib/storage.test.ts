import { expect, test, vi } from "vitest";
import { readStored, removeStored, writeStored } from "./storage";

test("keeps values under our own name", () => {
  expect(writeStored("width", { list: 364 })).toBe(true);
  expect(localStorage.getItem("parley.width")).toBe('{"list":364}');
  expect(readStored("width", null)).toEqual({ list: 364 });
  removeStored("width");
  expect(readStored("width", 1)).toBe(1);
});

test("what is not ours to read is the fallback", () => {
  localStorage.setItem("parley.width", "{");
  expect(readStored("width", 364)).toBe(364);
});

test("blocked storage is reported, not thrown", () => {
  vi.stubGlobal("localStorage", {
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  expect(writeStored("draft", "words")).toBe(false);
  vi.unstubAllGlobals();
});
