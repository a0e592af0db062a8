import { screen } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { useInbox } from "@/features/inbox/model/state";
import { bindHotkeys } from "@/lib/hotkeys";
import { loadTexts } from "@/lib/i18n";
import { useToasts } from "@/ui/toast";
import { renderApp } from "./app";
import type { State } from "./server";
import { textId, withTexts } from "./text-samples";

/** The inbox as it is before anything is chosen, on a page with a size. */
export function prepareInbox(): void {
  let unbind: () => void;
  beforeEach(async () => {
    await loadTexts("inbox", "composer", "contacts");
    // A virtual list without a size shows nothing.
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
    vi.stubGlobal("matchMedia", (query: string) => ({
      matches: !query.includes("coarse"),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
    unbind = bindHotkeys(window);
    const none = { selected: undefined, composer: undefined, rewrite: undefined };
    useInbox.setState({ ...none, open: false });
    useToasts.setState({ queue: [], ended: [] });
  });
  afterEach(() => unbind());
}

/** The app with the conversation by text open in it. */
export async function openTexts(change?: (state: State) => void) {
  const app = renderApp(`/inbox?c=${textId}`, "full", (state) => {
    withTexts(state);
    change?.(state);
  });
  await screen.findAllByRole("article");
  const sent = () =>
    app
      .writes()
      .filter(({ path }) => path === `/conversations/${textId}/messages`)
      .map(({ body }) => body as Record<string, unknown>);
  return { ...app, sent };
}
