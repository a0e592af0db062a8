import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

/** public/theme.js reads the same name before the first paint; it is stored bare, not as JSON. */
const name = "parley.theme";
const listeners = new Set<() => void>();
const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

export function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(name);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

function resolve(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return systemDark().matches ? "dark" : "light";
}

function apply(theme: Theme): void {
  const shown = resolve(theme);
  document.documentElement.dataset.theme = shown;
  const canvas = getComputedStyle(document.documentElement).getPropertyValue("--canvas").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", canvas);
  for (const listener of listeners) listener();
}

export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(name, theme);
  } catch {
    // The choice then lasts until the page is closed.
  }
  apply(theme);
}

/** Switches between light and dark, whatever the system says. */
export function toggleTheme(): void {
  setTheme(resolve(readTheme()) === "dark" ? "light" : "dark");
}

/** Follows the system while the choice is "system", and choices made in other tabs. */
export function watchTheme(): () => void {
  const update = () => apply(readTheme());
  const media = systemDark();
  media.addEventListener("change", update);
  window.addEventListener("storage", update);
  return () => {
    media.removeEventListener("change", update);
    window.removeEventListener("storage", update);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choice, not the colour: "system" stays "system". */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, readTheme);
}
