import { expect, test } from "vitest";
import { allPages } from "./pages";

test("reads to the end, in order", async () => {
  const pages: Record<string, { items: number[]; next_cursor: string }> = {
    "": { items: [1, 2], next_cursor: "b" },
    b: { items: [], next_cursor: "c" },
    c: { items: [3], next_cursor: "" },
  };
  const items = await allPages(async (cursor) => {
    const page = pages[cursor ?? ""];
    if (!page) throw new Error(`no page ${cursor}`);
    return page;
  });
  expect(items).toEqual([1, 2, 3]);
});
