import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { readTheme, setTheme, toggleTheme, watchTheme } from "./theme";

const early = readFileSync(path.join(import.meta.dirname, "../../public/theme.js"), "utf8");
const shown = () => document.documentElement.dataset.theme;

function system(dark: boolean) {
  const media = new EventTarget();
  Object.assign(media, { matches: dark });
  vi.spyOn(window, "matchMedia").mockReturnValue(media as unknown as MediaQueryList);
  return (next: boolean) => {
    Object.assign(media, { matches: next });
    media.dispatchEvent(new Event("change"));
  };
}

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

test.each([
  ["light", true, "light"],
  ["dark", false, "dark"],
  ["system", true, "dark"],
  ["system", false, "light"],
] as const)("%s where the system is dark: %s, shows %s, early and late", (choice, dark, wanted) => {
  system(dark);
  setTheme(choice);
  expect(shown()).toBe(wanted);
  delete document.documentElement.dataset.theme;
  // biome-ignore lint/security/noGlobalEval: this is how the page runs the file
  window.eval(early);
  expect(shown()).toBe(wanted);
});

test("follows the system only while that is the choice", () => {
  const change = system(false);
  const stop = watchTheme();
  setTheme("system");
  change(true);
  expect(shown()).toBe("dark");
  setTheme("dark");
  change(false);
  expect(shown()).toBe("dark");
  stop();
});

test("the switch goes by what is shown", () => {
  system(true);
  setTheme("system");
  toggleTheme();
  expect([readTheme(), shown()]).toEqual(["light", "light"]);
});
