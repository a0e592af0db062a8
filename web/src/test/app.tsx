import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import { createQueryClient } from "@/api/query";
import { createAppRouter } from "@/app/router";
import { useToasts } from "@/ui/toast";
import { makeState, respond, type Scenario, type State } from "./server";

export interface Sent {
  method: string;
  path: string;
  body: unknown;
}

/** The whole app at an address, on the pretended server. */
export function renderApp(path: string, scenario: Scenario, change?: (state: State) => void) {
  const state = makeState(scenario);
  change?.(state);
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.clone().text();
    const url = new URL(request.url);
    sent.push({
      method: request.method,
      path: url.pathname.replace("/api/v1", ""),
      body: text ? JSON.parse(text) : undefined,
    });
    return respond(state, request);
  });
  useToasts.setState({ queue: [], shown: false });
  const queryClient = createQueryClient();
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createAppRouter(queryClient, history);
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return {
    state,
    router,
    user: userEvent.setup(),
    /** What was asked of the server, without the questions that change nothing. */
    writes: () => sent.filter(({ method }) => method !== "GET"),
    toasts: () => useToasts.getState().queue.map(({ text }) => text),
  };
}
