import createClient, { type Middleware } from "openapi-fetch";
import { ApiProblem, problemFrom } from "./problem";
import type { paths } from "./schema";

/** The header that makes a POST safe to repeat; the server keeps its answer for a day. */
export const idempotencyKey = "Idempotency-Key";

let signedOut: () => void = () => undefined;

/** The app says here what to do when the session has ended. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

/** Calls that a person makes before signing in: their 401 is an answer, not the end of a session. */
const open = /^\/api\/v1\/(session|setup)(\/|$)/;

const rules: Middleware = {
  onRequest({ request }) {
    if (request.method === "POST" && !request.headers.has(idempotencyKey)) {
      request.headers.set(idempotencyKey, crypto.randomUUID());
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return response;
    const ended = response.status === 401 && !open.test(new URL(request.url).pathname);
    if (ended) signedOut();
    throw await problemFrom(response);
  },
  onError({ error }) {
    if (error instanceof ApiProblem) return error;
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new ApiProblem(0, { code: "offline" });
  },
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  // Looked up on each call, so that a test can put its own server there.
  fetch: (request) => globalThis.fetch(request),
});
api.use(rules);

/** The body of a successful answer. What fails has thrown an ApiProblem by then. */
export async function call<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
