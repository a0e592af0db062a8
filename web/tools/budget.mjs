// Fails when what a browser downloads grows past FRONTEND.md's budgets.
// Sizes are of the gzipped files, in kB of 1000 bytes.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const gzip = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

/** A chunk and everything it imports before it can run. */
function closure(...names) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name].imports ?? []) visit(next);
  };
  names.forEach(visit);
  return [...seen];
}

const find = (...ends) =>
  Object.keys(manifest).filter((name) => ends.some((end) => name.endsWith(end)));
const scripts = (names) =>
  names.map((name) => manifest[name].file).filter((file) => file.endsWith(".js"));
const sum = (files) => [...new Set(files)].reduce((total, file) => total + gzip(file), 0);

const inbox = closure(...find("index.html", "app/Shell.tsx", "features/inbox/InboxPage.tsx"));
const composer = find("composer/Composer.tsx");
const routes = find("Page.tsx", "Layout.tsx").filter((name) => !inbox.includes(name));
const extra = (name) => sum(scripts(closure(name).filter((part) => !inbox.includes(part))));
const css = Object.values(manifest).flatMap((chunk) => chunk.css ?? []);
const fonts = Object.values(manifest)
  .map((chunk) => chunk.file)
  .concat(readdirSync(new URL("assets/", dist)).map((file) => `assets/${file}`))
  .filter((file) => /inter-latin-wght-normal.*woff2$/.test(file));
const weigh = (dir) =>
  readdirSync(dir, { withFileTypes: true }).reduce(
    (total, entry) =>
      total +
      (entry.isDirectory()
        ? weigh(new URL(`${entry.name}/`, dir))
        : statSync(new URL(entry.name, dir)).size),
    0,
  );

const rows = [
  ["first inbox paint, JS", sum(scripts(inbox)), 190],
  ["CSS", sum(css), 12],
  [
    "font of the first paint",
    [...new Set(fonts)].reduce(
      (total, file) => total + statSync(new URL(file, dist)).size / 1000,
      0,
    ),
    50,
  ],
  ["dist, unzipped", weigh(dist) / 1000, 5000],
  ...routes.map((name) => [name.replace(/^src\//, ""), extra(name), 75]),
  ...composer.map((name) => [name.replace(/^src\//, ""), extra(name), 150]),
];
for (const [name, size, limit] of rows) {
  console.log(
    `${size > limit ? "over " : "ok   "} ${size.toFixed(1).padStart(7)} / ${String(limit).padEnd(5)} kB  ${name}`,
  );
}
process.exitCode = rows.some(([, size, limit]) => size > limit) ? 1 : 0;
