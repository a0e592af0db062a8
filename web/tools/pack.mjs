// What the binary holds of dist: every file gzipped as NAME.gz, so that it is
// small and leaves as it is stored. Fonts are compressed by nature.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const from = fileURLToPath(new URL("../dist/", import.meta.url));
const to = fileURLToPath(new URL("../packed/", import.meta.url));
rmSync(to, { recursive: true, force: true });
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  const name = path.relative(from, file);
  if (!entry.isFile() || name.startsWith(".vite")) continue; // the manifest is for the build alone
  const content = readFileSync(file);
  const target = path.join(to, name);
  mkdirSync(path.dirname(target), { recursive: true });
  if (name.endsWith(".woff2")) writeFileSync(target, content);
  else writeFileSync(`${target}.gz`, gzipSync(content, { level: 9 }));
}
