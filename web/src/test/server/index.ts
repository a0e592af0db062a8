import type { Channel, Inbox, User } from "@/api/types";
import { channel, inbox, token, user } from "../factories";
import { add, change, find, type Handler, page, Refusal, refuse, remove } from "./base";
import { blocklistHandlers } from "./blocklist";
import { contentHandlers } from "./content";
import { misunderstood } from "./contract";
import { inboxHandlers } from "./inbox";
import { changeNumber, createNumber, numberHandlers } from "./numbers";
import { type State, setSample } from "./state";
import { textHandlers } from "./texts";
import { wayHandlers } from "./ways";

export type { Scenario } from "./scenario";
export { makeState, type State } from "./state";

const wrong = () => refuse(401, "session.wrong", "Email or password is wrong. Check both.");

function enter(state: State) {
  state.signedIn = true;
  state.setupNeeded = false;
  return state.me;
}

/**
 * The API, pretended: enough of it to walk through every screen without a
 * server. Tests put it where fetch is; the screenshots serve it over HTTP.
 */
const handlers: Record<string, Handler> = {
  ...inboxHandlers,
  ...blocklistHandlers,
  ...contentHandlers,
  ...textHandlers,
  "GET /setup": ({ state }) => ({ needed: state.setupNeeded }),
  "POST /setup": ({ state, body }) => {
    if (String(body.password).length < 10) {
      const fault = {
        field: "password",
        key: "password.too_short",
        detail: "Use at least 10 characters. A few words in a row are easy to remember.",
      };
      refuse(422, "fields", "One field is not right.", { errors: [fault] });
    }
    state.users = [{ ...state.me.user, name: String(body.name), email: String(body.email) }];
    return enter(state);
  },
  "POST /session": ({ state, body }) => {
    if (body.password === "wrong") wrong();
    if (String(body.email).startsWith("both@") && !body.account_id) {
      refuse(409, "session.choose_account", "Choose an account.", {
        accounts: [
          { id: 1, name: "Harbour Support" },
          { id: 2, name: "Northwind Bikes" },
        ],
      });
    }
    return enter(state);
  },
  "DELETE /session": ({ state }) => {
    state.signedIn = false;
  },
  "GET /session/list": ({ state }) => page(state.sessions),
  "DELETE /session/list/:id": ({ state, id }) => remove(state.sessions, id),
  "POST /session/forgot": () => undefined,
  "GET /session/link": ({ query }) => {
    const link = String(query.get("token"));
    if (link === "gone") refuse(404, "link.gone", "This link no longer works.");
    return {
      kind: link.startsWith("invite") ? "invite" : "reset",
      name: "Sana Iqbal",
      email: "sana@harbour.example",
      account_name: "Harbour Support",
    };
  },
  "POST /session/link": ({ state }) => enter(state),
  "GET /me": ({ state }) => state.me,
  "PATCH /account": ({ state, body }) => {
    state.me = { ...state.me, account: { ...state.me.account, ...body } };
    return state.me;
  },
  "PATCH /me": ({ state, body }) => {
    if (body.current_password === "wrong") {
      const fault = { field: "current_password", key: "password.wrong", detail: "This is not it." };
      refuse(422, "fields", "One field is not right.", { errors: [fault] });
    }
    const { name, preferences } = body;
    if (name) state.me.user = { ...state.me.user, name: String(name) };
    if (preferences) Object.assign(state.me.user, { preferences });
    return state.me;
  },
  "GET /users": ({ state }) => page(state.users),
  "POST /users": ({ state, body }) => {
    if (state.users.some(({ email }) => email === body.email)) {
      const detail = "This address belongs to a user already.";
      refuse(409, "user.email_taken", detail, {
        errors: [{ field: "email", key: "user.email_taken", detail }],
      });
    }
    return add(
      state.users,
      user({ ...(body as Partial<User>), invited: true, last_seen_at: null }),
    );
  },
  "PATCH /users/:id": (call) => change(call.state.users, call),
  "POST /users/:id/invite": ({ id }) => ({
    link: `https://parley.example/invite?token=invite-${id}-k3Jx9QmTz7`,
  }),
  "GET /inboxes": ({ state }) => page(state.inboxes),
  "POST /inboxes": ({ state, body }) => add(state.inboxes, inbox(body as Partial<Inbox>)),
  "PATCH /inboxes/:id": (call) => change(call.state.inboxes, call),
  "DELETE /inboxes/:id": ({ state, id }) => {
    const used = state.channels.find((each) => each.inbox_id === id);
    if (used) {
      refuse(409, "inbox.in_use", `The channel “${used.name}” routes to it. Change that first.`);
    }
    remove(state.inboxes, id);
  },
  "GET /channels": ({ state }) => page(state.channels),
  "POST /channels": (call) => {
    const { new_inbox: name, ...body } = call.body;
    if (name) {
      body.inbox_id = add(call.state.inboxes, inbox({ name: String(name) })).id;
    }
    return body.type === "sms"
      ? createNumber({ ...call, body })
      : add(call.state.channels, channel({ ...(body as Partial<Channel>), last_inbound_at: null }));
  },
  "PATCH /channels/:id": (call) =>
    find(call.state.channels, call.id).type === "sms"
      ? changeNumber(call)
      : change(call.state.channels, call),
  "DELETE /channels/:id": ({ state, id }) => remove(state.channels, id),
  ...wayHandlers,
  ...numberHandlers,
  "GET /tokens": ({ state }) => page(state.tokens),
  "POST /tokens": ({ state, body }) => ({
    ...add(state.tokens, token({ name: String(body.name), last_used_at: null })),
    token: "parley_5mYt0c2Jx9QmTz7kWv4LbR8nHs1DfGpA3eXuZqNo6i",
  }),
  "DELETE /tokens/:id": ({ state, id }) => remove(state.tokens, id),
  "GET /sample": ({ state }) => state.sample,
  "POST /sample": ({ state }) => {
    if (state.sample.present) {
      refuse(409, "sample.there", "The sample data is there already.");
    }
    setSample(state, true);
    return state.me;
  },
  "DELETE /sample": ({ state }) => setSample(state, false),
  "GET /intake": ({ state }) => state.figures,
  "GET /intake/days": ({ state, query }) => {
    const older = state.days.filter(({ day }) => day < (query.get("cursor") || "9"));
    const items = older.slice(0, Number(query.get("limit")));
    return { items, next_cursor: older.length > items.length ? (items.at(-1)?.day ?? "") : "" };
  },
  "POST /intake/retry": ({ state }) => {
    const retried = state.failed.splice(0, 2).length;
    state.figures = {
      ...state.figures,
      failed: state.failed.length,
      pending: state.figures.pending + retried,
    };
    return { retried, failed: state.failed.length };
  },
  "GET /intake/entries": ({ state }) => page(state.failed),
  "POST /intake/entries/:id/retry": ({ state, id }) => remove(state.failed, id),
  "GET /events": ({ query }) => ({ items: [], next_seq: Number(query.get("after")), reset: false }),
};

/** What is named rather than numbered stands second. */
function pattern(path: string): string {
  return path.replace(/\/\d+/, "/:id").replace(/^\/(merge-fields|signatures)\/[^/]+/, "/$1/:name");
}

const open = ["/setup", "/session", "/session/forgot", "/session/link"];

function answer(state: State, request: Request, body: Record<string, unknown>): unknown {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/v1/, "");
  if (state.broken.some((start) => url.pathname.startsWith(start))) {
    refuse(500, "internal", "Something went wrong on our side. Try again.");
  }
  if (!state.signedIn && !open.includes(path)) refuse(401, "session.required", "Sign in first.");
  const id = Number(/\/(\d+)(\/|$)/.exec(path)?.[1] ?? 0);
  const handler = handlers[`${request.method} ${pattern(path)}`];
  if (!handler) refuse(404, "path.unknown", "There is no such path in the API.");
  const name = path.split("/")[2] ?? "";
  return handler({ state, id, name, body, query: url.searchParams });
}

/** One request, answered as the server would. */
export async function respond(state: State, request: Request): Promise<Response> {
  const text = await request.text();
  const json = text && request.headers.get("Content-Type")?.includes("json");
  const body = json ? JSON.parse(text) : {};
  const faults = misunderstood(request, body);
  if (faults.length > 0) {
    throw new Error(`${request.method} ${request.url}: ${faults.join(", ")}`);
  }
  try {
    const result = answer(state, request, body);
    if (result instanceof Response) return result;
    if (result === undefined) return new Response(null, { status: 204 });
    return Response.json(result, { status: request.method === "POST" ? 201 : 200 });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new Response(JSON.stringify(error.problem), {
      status: error.problem.status,
      headers: { "Content-Type": "application/problem+json" },
    });
  }
}
