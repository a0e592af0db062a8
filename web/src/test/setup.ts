import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { loadTexts } from "@/lib/i18n";

await loadTexts("auth", "hotkeys", "palette", "problems", "settings");

afterEach(() => {
  cleanup();
  localStorage.clear();
});
