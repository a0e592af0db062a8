import assert from "node:assert/strict";
import test from "node:test";
import { fill, readFigure, table } from "./corpora.mjs";

test("a figure is read from a test's log, whoever wrote it", () => {
  const want = ["mail-parse", "no wrong field", "1 of 2", "50.0 %", "at least 97 %"];
  const told = "figure | mail-parse | no wrong field | 1 of 2 | 50.0 % | at least 97 %";
  assert.deepEqual(readFigure(`    corpus_test.go:108: ${told}`), want);
  assert.deepEqual(readFigure(`# ${told}`), want);
  assert.equal(readFigure("    corpus_test.go:108: something else | of it"), undefined);
});

test("the table stands in order, and between its marks", () => {
  const rows = table([
    ["b", "one", "1 of 1", "100 %", "all"],
    ["a", "two", "1 of 1", "100 %", "all"],
  ]);
  const [, , first] = rows.split("\n");
  assert.equal(first, "| a | two | 1 of 1 | 100 % | all |");
  const page = fill("before\n<!-- measured -->\nold\n<!-- /measured -->\nafter\n", rows);
  assert.equal(page, `before\n<!-- measured -->\n${rows}\n<!-- /measured -->\nafter\n`);
});
