// count-tests runs a test suite, prints what a person needs of its output, and
// keeps count, so that one line can close a run of several suites.
//
//   node scripts/count-tests.mjs go NAME ARG…       go test -json ARG…
//   node scripts/count-tests.mjs vitest NAME CMD…   CMD with vitest's JSON reporter
//   node scripts/count-tests.mjs node NAME ARG…     node --test ARG…
//   node scripts/count-tests.mjs total              the sum of what was run before
//
// Counts are written to $TALLY_DIR/NAME.json where that is set. The exit status is
// 0 only if something ran and nothing failed.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const noise = /^\s*=== (RUN|PAUSE|CONT|NAME)\b|^\s*--- (PASS|FAIL|SKIP):/;

/** Reads the events of `go test -json`, one at a time, and counts tests and subtests. */
export class GoTests {
  /** @param print takes the lines for a person
   *  @param servers the variables that name a running server: no test may skip for want of it */
  constructor(print, servers) {
    this.print = print;
    this.servers = servers;
    this.count = { passed: 0, failed: 0, skipped: 0 };
    this.output = new Map(); // by test that has not ended: its lines
    this.failedIn = new Map(); // by package: how many tests failed
  }

  /** A line that is no event comes from the go command itself and is passed on. */
  line(text) {
    let event;
    try {
      event = JSON.parse(text);
    } catch {
      this.print(text);
      return;
    }
    if (event.Action === "build-output") this.print(event.Output.trimEnd());
    else if (event.Package && event.Test) this.test(event);
    else if (event.Package) this.package(event);
  }

  test({ Action: action, Package: pkg, Test: name, Output: text }) {
    const key = `${pkg} ${name}`;
    if (action === "run") this.output.set(key, []);
    if (action === "output" && !noise.test(text)) this.output.get(key)?.push(text.trimEnd());
    if (action !== "pass" && action !== "fail" && action !== "skip") return;
    const lines = this.output.get(key) ?? [];
    this.output.delete(key);
    if (action === "pass") this.count.passed++;
    else if (action === "fail") this.fail(pkg, `--- FAIL: ${key}`, lines);
    else if (this.servers.some((variable) => lines.join().includes(variable)))
      this.fail(pkg, `--- FAIL: ${key} skipped although its server runs`, lines);
    else {
      this.count.skipped++;
      this.print(`--- SKIP: ${key}: ${lines.map((l) => l.trim()).join(" ")}`);
    }
  }

  fail(pkg, title, lines) {
    this.count.failed++;
    this.failedIn.set(pkg, (this.failedIn.get(pkg) ?? 0) + 1);
    this.print([title, ...lines].join("\n"));
  }

  package({ Action: action, Package: pkg, Output: text }) {
    if (action === "output" && text.trim() !== "PASS" && !/\[no test files\]/.test(text))
      this.print(text.trimEnd());
    // It did not build, or died outside a test: no test of it says so.
    if (action === "fail" && !this.failedIn.has(pkg)) {
      for (const [key, lines] of this.output)
        if (key.startsWith(`${pkg} `)) this.print([`--- DIED IN: ${key}`, ...lines].join("\n"));
      this.fail(pkg, `FAIL: ${pkg}`, []);
    }
  }
}

/** Counts what vitest's JSON reporter wrote. A file that did not load is one failure. */
export function countVitest(text) {
  const report = JSON.parse(text);
  const unloaded = report.testResults.filter(
    (f) => f.status === "failed" && !f.assertionResults.some((t) => t.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts what node's TAP reporter wrote: "# pass 3" and the like close it. */
export function countTap(text) {
  const closing = (word) => Number(text.match(new RegExp(`^# ${word} (\\d+)$`, "m"))[1]);
  return {
    passed: closing("pass"),
    failed: closing("fail") + closing("cancelled"),
    skipped: closing("skipped") + closing("todo"),
  };
}

export function closingLine(counts) {
  const sum = (key) => counts.reduce((n, c) => n + c[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`;
}

const tallies = process.env.TALLY_DIR;

function keep(name, count, status) {
  if (tallies) {
    mkdirSync(tallies, { recursive: true });
    writeFileSync(join(tallies, `${name}.json`), JSON.stringify(count));
  }
  console.log(`${name}: ${closingLine([count])}`);
  process.exit(status === 0 && count.failed === 0 && count.passed > 0 ? 0 : 1);
}

function run(command, args, stdout) {
  const child = spawn(command, args, { stdio: ["inherit", stdout, "inherit"] });
  child.on("error", (err) => {
    console.error(`${command}: ${err.message}`);
    process.exit(1);
  });
  // Ctrl-C reaches the child too; we wait for what it says last.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const ended = new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  return { child, ended };
}

async function go(name, args) {
  const tests = new GoTests(
    console.log,
    Object.keys(process.env).filter((variable) => variable.startsWith("PARLEY_TEST_")),
  );
  const { child, ended } = run("go", ["test", "-json", ...args], "pipe");
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) tests.line(line);
  keep(name, tests.count, await ended);
}

/** Runs a command that leaves a report in a file, and counts by the report. */
async function reporting(name, count, commandFor) {
  const dir = mkdtempSync(join(tmpdir(), "parley-tests-"));
  const file = join(dir, "report");
  const [command, ...args] = commandFor(file);
  const { ended } = run(command, args, "inherit");
  const status = await ended;
  let result = { passed: 0, failed: 1, skipped: 0 }; // it died before it could report
  try {
    result = count(readFileSync(file, "utf8"));
  } catch (err) {
    console.error(`${name}: no report: ${err.message}`);
  }
  rmSync(dir, { recursive: true, force: true });
  keep(name, result, status);
}

const withVitest = (command) => (file) => [
  ...command,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${file}`,
];

const withNode = (args) => (file) => [
  process.execPath,
  "--test",
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=tap",
  `--test-reporter-destination=${file}`,
  ...args,
];

function total() {
  const files = readdirSync(tallies).filter((f) => f.endsWith(".json"));
  const counts = files.map((f) => JSON.parse(readFileSync(join(tallies, f), "utf8")));
  console.log(closingLine(counts));
  process.exit(counts.some((c) => c.failed > 0) || !counts.some((c) => c.passed > 0) ? 1 : 0);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [mode, name, ...args] = process.argv.slice(2);
  if (mode === "go") await go(name, args);
  else if (mode === "vitest") await reporting(name, countVitest, withVitest(args));
  else if (mode === "node") await reporting(name, countTap, withNode(args));
  else if (mode === "total") total();
  else {
    console.error(
      "usage: count-tests.mjs go NAME ARG… | vitest NAME CMD… | node NAME ARG… | total",
    );
    process.exit(2);
  }
}
