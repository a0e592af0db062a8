// Runs the tests over the peer corpora, prints what they measured as a table, and
// writes it into docs/corpora.md. A test says what it measured in a line of its log:
//
//   figure | set | what | got of all | score | bar
//
// The exit status is 0 only if every test passed.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const root = path.resolve(import.meta.dirname, "..");
const page = path.join(root, "docs/corpora.md");

/** The cells of a line that tells a figure; undefined of any other. */
export function readFigure(line) {
  const at = line.indexOf("figure | ");
  if (at < 0) return undefined;
  const cells = line.slice(at).split(" | ").slice(1);
  return cells.length === 5 ? cells.map((cell) => cell.trim()) : undefined;
}

/** Sets in the order of their names, figures of a set in the order of theirs. */
export function table(figures) {
  const rows = [...figures].sort((a, b) => a[0].localeCompare(b[0]) || a[1].localeCompare(b[1]));
  return [["Set", "What", "Cases", "Measured", "Bar"], ["---", "---", "---", "---", "---"], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** Puts a table between the two marks of a page. */
export function fill(text, rows) {
  const [head, rest] = text.split("<!-- measured -->");
  const [, tail] = rest.split("<!-- /measured -->");
  return `${head}<!-- measured -->\n${rows}\n<!-- /measured -->${tail}`;
}

async function run(command, args, figures) {
  const env = { ...process.env, CORPORA_ALL: "1" };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = readFigure(line);
    if (figure) figures.push(figure);
    else if (/^\s*(--- FAIL|not ok|FAIL|panic)/.test(line)) console.log(line);
  }
  return (await ended) === 0;
}

async function main(packages) {
  const figures = [];
  const passed = [
    await run("go", ["test", "-count=1", "-v", "-run", "^TestCorpus", ...packages], figures),
    await run("node", ["--test", "web/e2e/journeys/hostile.test.mjs"], figures),
  ];
  if (figures.length === 0) {
    console.log("nothing was measured: the peer corpora are not at hand");
    process.exit(1);
  }
  console.log(table(figures));
  writeFileSync(page, fill(readFileSync(page, "utf8"), table(figures)));
  process.exit(passed.every(Boolean) ? 0 : 1);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
