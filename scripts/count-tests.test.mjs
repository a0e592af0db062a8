import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, countTap, countVitest, GoTests } from "./count-tests.mjs";

/** Feeds events to a GoTests and returns its count and what it printed. */
function read(events, servers = []) {
  const printed = [];
  const tests = new GoTests((line) => printed.push(line), servers);
  for (const event of events) tests.line(typeof event === "string" ? event : JSON.stringify(event));
  return { count: tests.count, printed: printed.join("\n") };
}

const ran = (name, action, ...output) => [
  { Action: "run", Package: "p", Test: name },
  ...output.map((text) => ({ Action: "output", Package: "p", Test: name, Output: text })),
  { Action: action, Package: "p", Test: name },
];

test("passing tests are counted and silent", () => {
  const { count, printed } = read([
    ...ran(
      "TestA",
      "pass",
      "=== RUN   TestA\n",
      "    a_test.go:3: fine\n",
      "--- PASS: TestA (0.00s)\n",
    ),
    { Action: "output", Package: "p", Output: "PASS\n" },
    { Action: "output", Package: "p", Output: "ok  \tp\t0.1s\n" },
    { Action: "pass", Package: "p" },
  ]);
  assert.deepEqual(count, { passed: 1, failed: 0, skipped: 0 });
  assert.equal(printed, "ok  \tp\t0.1s");
});

test("a failing test shows its output", () => {
  const { count, printed } = read([
    ...ran("TestA", "fail", "    a_test.go:3: got 1, want 2\n"),
    { Action: "fail", Package: "p" },
  ]);
  assert.deepEqual(count, { passed: 0, failed: 1, skipped: 0 });
  assert.match(printed, /FAIL: p TestA\n.*got 1, want 2/);
});

test("a skip shows its reason, and fails where the server it wants is running", () => {
  const skip = ran("TestA", "skip", "    a_test.go:3: PARLEY_TEST_DATABASE_URL is empty\n");
  assert.deepEqual(read(skip).count, { passed: 0, failed: 0, skipped: 1 });
  assert.match(read(skip).printed, /SKIP: p TestA: .*is empty/);
  assert.deepEqual(read(skip, ["PARLEY_TEST_DATABASE_URL"]).count, {
    passed: 0,
    failed: 1,
    skipped: 0,
  });
  assert.deepEqual(read(skip, ["PARLEY_TEST_REDIS_URL"]).count, {
    passed: 0,
    failed: 0,
    skipped: 1,
  });
});

test("a package that does not build is a failure, and says why", () => {
  const { count, printed } = read([
    { Action: "build-output", ImportPath: "p", Output: "p.go:1: undefined: x\n" },
    { Action: "build-fail", ImportPath: "p" },
    { Action: "fail", Package: "p", FailedBuild: "p" },
  ]);
  assert.deepEqual(count, { passed: 0, failed: 1, skipped: 0 });
  assert.match(printed, /undefined: x/);
});

test("a package that dies shows the tests that had not ended", () => {
  const { count, printed } = read([
    { Action: "run", Package: "p", Test: "TestA" },
    {
      Action: "output",
      Package: "p",
      Test: "TestA",
      Output: "fatal error: all goroutines are asleep\n",
    },
    { Action: "fail", Package: "p" },
  ]);
  assert.equal(count.failed, 1);
  assert.match(printed, /DIED IN: p TestA\nfatal error/);
});

test("what the go command says outside of events is passed on", () => {
  assert.equal(read(["go: no such package"]).printed, "go: no such package");
});

test("vitest's report: a file that did not load is a failure", () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ],
  };
  assert.deepEqual(countVitest(JSON.stringify(report)), { passed: 2, failed: 2, skipped: 1 });
});

test("node's report: what was cancelled failed", () => {
  const tap = "ok 1 - a\n# tests 5\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
  assert.deepEqual(countTap(tap), { passed: 2, failed: 2, skipped: 1 });
});

test("the closing line adds up", () => {
  const line = closingLine([
    { passed: 2, failed: 0, skipped: 1 },
    { passed: 3, failed: 1, skipped: 0 },
  ]);
  assert.equal(line, "5 passed, 1 failed, 1 skipped");
});
