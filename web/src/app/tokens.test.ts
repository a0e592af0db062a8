import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { dotColors } from "@/ui/colors";

type Tokens = Record<string, string>;
type Rgb = readonly [number, number, number];

const css = readFileSync(path.join(import.meta.dirname, "tokens.css"), "utf8");

function tokens(after: string, selector: string): Tokens {
  const start = css.indexOf(`${selector} {`, css.indexOf(after));
  const block = css.slice(start, css.indexOf("}", start));
  const pairs = [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return Object.fromEntries(pairs.map((pair) => [pair[1], pair[2]]));
}

const light = tokens("", ":root");
const dark = { ...light, ...tokens("", '[data-theme="dark"]') };
const more = "prefers-contrast";
const themes: Record<string, Tokens> = {
  light,
  dark,
  "light, more contrast": { ...light, ...tokens(more, ":root") },
  "dark, more contrast": { ...dark, ...tokens(more, '[data-theme="dark"]') },
};

function parse(color: string): readonly [Rgb, number] {
  const hex = /^#(..)(..)(..)$/.exec(color);
  if (hex) {
    const [r = 0, g = 0, b = 0] = hex.slice(1).map((part) => Number.parseInt(part, 16));
    return [[r, g, b], 1];
  }
  const parts = [...color.matchAll(/[\d.]+/g)].map(Number);
  const [r = 0, g = 0, b = 0, alpha = 1] = parts;
  return [[r, g, b], alpha];
}

/** A translucent colour as it looks on an opaque one. */
function over(top: string, bottom: Rgb): Rgb {
  const [color, alpha] = parse(top);
  const mix = (i: 0 | 1 | 2) => color[i] * alpha + bottom[i] * (1 - alpha);
  return [mix(0), mix(1), mix(2)];
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(a: Rgb, b: Rgb): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

const grounds = ["canvas", "surface", "surface-2", "raised"];

/** Text on what lies beneath it: 4.5. "a+b" is b, see-through, on a. */
const text: readonly (readonly [string, readonly string[]])[] = [
  ["fg", [...grounds, "note", "accent-soft", "surface+active", "canvas+active", "raised+active"]],
  ["fg-2", [...grounds, "note", "accent-soft", "surface+active", "canvas+active", "raised+active"]],
  ["fg-3", [...grounds, "note", "surface+hover", "canvas+hover", "raised+active"]],
  ["accent-text", [...grounds, "accent-soft"]],
  ["accent-fg", ["accent", "accent-hover"]],
  ["danger-fg", ["danger-solid", "danger-solid-hover"]],
  ["ok", ["surface", "raised", "ok-soft"]],
  ["warn", ["surface", "raised", "warn-soft"]],
  ["danger", ["surface", "raised", "danger-soft"]],
];

/** Edges and marks that tell what a control is: 3. */
const marks: readonly (readonly [string, readonly string[]])[] = [
  ["control", grounds],
  ["accent", grounds],
  ["fg-3", grounds],
  ["danger", ["surface", "raised", "canvas"]],
];

function measure(theme: Tokens, front: string, ground: string): number {
  const [below = "", above] = ground.split("+");
  const opaque = over(theme[below] ?? "", [0, 0, 0]);
  const bottom = above ? over(theme[above] ?? "", opaque) : opaque;
  return contrast(over(theme[front] ?? "", bottom), bottom);
}

function tooWeak(theme: Tokens, pairs: typeof text, least: number): string[] {
  return pairs.flatMap(([front, all]) =>
    all
      .filter((ground) => measure(theme, front, ground) < least)
      .map((ground) => `${front} on ${ground}: ${measure(theme, front, ground).toFixed(2)}`),
  );
}

describe.each(Object.entries(themes))("%s", (_, theme) => {
  test("text can be read on every ground it stands on", () => {
    expect(tooWeak(theme, text, 4.5)).toEqual([]);
  });

  test("controls stand out from every ground", () => {
    expect(tooWeak(theme, marks, 3)).toEqual([]);
  });

  test("dots stand out from the page, and white from them", () => {
    const weak = dotColors.filter(({ color }) => {
      const dot = over(color, [0, 0, 0]);
      const page = ["surface", "canvas"].map((name) => over(theme[name] ?? "", [0, 0, 0]));
      return [...page, [255, 255, 255] as const].some((ground) => contrast(dot, ground) < 3);
    });
    expect(weak).toEqual([]);
  });
});

test("every theme gives every token", () => {
  expect(Object.keys(light).length).toBeGreaterThan(30);
  expect(Object.keys(tokens("", '[data-theme="dark"]')).sort()).toEqual(Object.keys(light).sort());
});
