import type { components } from "@/api/schema";
import { find, type Handler, refuse } from "./base";

type Schemas = components["schemas"];

const good: Schemas["CheckAnswer"] = { ok: true, key: "", field: "", error: "" };
const refused: Schemas["CheckAnswer"] = {
  ok: false,
  key: "way.refused",
  field: "password",
  error: "The server does not know this user name with this password.",
};

/** How channels' mail comes in and leaves; every mail server knows the password "sesame" alone. */
export const wayHandlers: Record<string, Handler> = {
  "PUT /channels/:id/incoming": ({ state, id, body }) => {
    const { way, imap, webhook } = body as Partial<Schemas["IncomingBody"]>;
    const channel = find(state.channels, id);
    const { incoming } = channel;
    if (!way) return channel;
    const [server, hook] = [imap ?? null, webhook ?? null];
    const mailbox = server && { ...server, since: server.since ?? null };
    return Object.assign(channel, {
      incoming: { ...incoming, way, imap: mailbox, webhook: hook, state: "connecting" },
    });
  },
  "PUT /channels/:id/outgoing": ({ state, id, body }) => {
    const { way = "default", smtp } = body as Partial<Schemas["OutgoingBody"]>;
    const channel = find(state.channels, id);
    channel.outgoing = { way, smtp: smtp ?? null, state: "connecting", error: "" };
    return channel;
  },
  "POST /channels/:id/incoming/check": ({ body }) => (body.password === "sesame" ? good : refused),
  "POST /channels/:id/outgoing/check": ({ body }) =>
    body.way === "default" || body.password === "sesame" ? good : refused,
  "GET /channels/:id/round-trip": ({ state }) => {
    const { trip } = state.wayTests;
    // It arrives by the time somebody looks again, its tagged twin with it.
    if (trip?.state === "sent") {
      state.wayTests.trip = { ...trip, state: "arrived", plus_tags: true, took_ms: 3100 };
    }
    return state.wayTests.trip;
  },
  "POST /channels/:id/round-trip": ({ state }) => {
    state.wayTests.trip = {
      id: 1,
      state: "sent",
      plus_tags: null,
      error: "",
      started_at: new Date().toISOString(),
      took_ms: null,
    };
    return state.wayTests.trip;
  },
  "GET /channels/:id/confirmation": ({ state }) => state.wayTests.confirmation,
  "GET /channels/:id/sender-check": ({ state }) =>
    state.wayTests.sender ??
    refuse(503, "way.no_dns", "Parley was started without DNS (--dns off)."),
};
