import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/**
 * The layers of src, from the bottom up. A file may import its own layer and
 * those named; a feature sees another feature by its index.ts alone.
 */
const may: Record<string, readonly string[]> = {
  lib: ["locales"],
  api: ["lib"],
  ui: ["lib"],
  features: ["ui", "lib", "api"],
  app: ["features", "ui", "lib", "api"],
  test: ["app", "features", "ui", "lib", "api"],
  locales: [],
};

const src = path.resolve(import.meta.dirname, "..");

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(src, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport\()\s*"([^"]+)"|^import "([^"]+)"/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? "");
}

/** Where an import of ours leads, relative to src; undefined for a package. */
function target(file: string, imported: string): string | undefined {
  if (imported.startsWith("@/")) return imported.slice(2);
  if (!imported.startsWith(".")) return undefined;
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), imported));
}

function fault(file: string, imported: string): string | undefined {
  const [layer = "", feature = ""] = file.split("/");
  if (imported.startsWith("@base-ui/") && layer !== "ui") return "only ui imports Base UI";
  const to = target(file, imported);
  if (to === undefined) return undefined;
  const [toLayer = "", toFeature = "", ...rest] = to.split("/");
  if (toLayer === "features" && (layer !== "features" || feature !== toFeature)) {
    if (rest.length > 0 && layer !== "test") return "a feature is seen by its index.ts alone";
    return undefined;
  }
  if (toLayer === "test" && /\.test\.tsx?$/.test(file)) return undefined;
  if (toLayer === layer || may[layer]?.includes(toLayer)) return undefined;
  return `${layer} may not import ${toLayer}`;
}

test("every import goes down the layers", () => {
  expect(files.length).toBeGreaterThan(40);
  const faults = files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const why = fault(file, imported);
      return why ? [`${file} imports ${imported}: ${why}`] : [];
    }),
  );
  expect(faults).toEqual([]);
});

test("files stay under 300 lines", () => {
  const long = files
    .filter((file) => file !== "api/schema.d.ts")
    .map((file) => ({ file, lines: readFileSync(path.join(src, file), "utf8").split("\n").length }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});
