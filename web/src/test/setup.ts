import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { loadTexts } from "@/lib/i18n";

// No test listens to a server: the live seam has tests of its own.
vi.mock("centrifuge", () => {
  const silent = () => undefined;
  const subscription = { on: silent, subscribe: silent, removeAllListeners: silent };
  class Centrifuge {
    on = silent;
    connect = silent;
    disconnect = silent;
    removeAllListeners = silent;
    removeSubscription = silent;
    getSubscription = () => null;
    newSubscription = () => subscription;
  }
  return { Centrifuge };
});

// A busy machine takes its time to load a route's code.
configure({ asyncUtilTimeout: 25_000 });

await loadTexts("auth", "hotkeys", "palette", "problems", "settings", "welcome");

afterEach(() => {
  cleanup();
  localStorage.clear();
});
