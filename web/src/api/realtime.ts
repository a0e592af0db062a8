import type { Centrifuge, Subscription } from "centrifuge";
import { api, call } from "./client";
import { LiveLog } from "./live-log";
import type { LiveEvent } from "./types";

export type LiveHandler = (event: LiveEvent) => void;
/** Off before the first paint and after sign-out; waiting while the server is away. */
export type LiveState = "off" | "connecting" | "live" | "waiting";

interface EventPage {
  items: LiveEvent[];
  next_seq: number;
  /** Too much was missed to be told one by one. */
  reset?: boolean;
}

export interface LiveDeps {
  connect: () => Promise<Centrifuge>;
  eventsAfter: (seq: number) => Promise<EventPage>;
}

/** How long a catch-up that failed waits before it asks again. */
const patience = 3000;

/**
 * The live seam. Publications are events of ids, numbered per account; each
 * names the number before it on its channel. A gap, or a connection that was
 * lost, is filled from GET /events, so that handlers hear each event once and
 * what caused it first. Where too much was missed the server says "reset", and
 * what is cached is read anew.
 */
export class Live {
  readonly #deps: LiveDeps;
  readonly #log = new LiveLog();
  readonly #handlers = new Set<LiveHandler>();
  readonly #resets = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  /** How many callers want each channel. */
  readonly #wanted = new Map<string, number>();
  readonly #subscriptions = new Map<string, Subscription>();
  /** The last number heard on each channel. */
  readonly #heard = new Map<string, number>();
  #client: Centrifuge | undefined;
  #started = false;
  #state: LiveState = "off";
  #held: LiveEvent[] = [];
  #catching: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Connects. Everything up to seq is known, from GET /me. Does nothing when it is on already. */
  async start(seq: number): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    this.#log.reset(seq);
    this.#setState("connecting");
    const client = await this.#deps.connect();
    if (!this.#started) return client.disconnect();
    this.#client = client;
    client.on("connecting", () => this.#setState(this.#state === "live" ? "waiting" : this.#state));
    client.on("error", () => this.#setState("waiting"));
    client.on("disconnected", () => this.#setState("waiting"));
    client.on("connected", () => {
      this.#setState("live");
      void this.catchUp();
    });
    for (const channel of this.#wanted.keys()) this.#attach(channel);
    client.connect();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions.values()) subscription.removeAllListeners();
    this.#client?.removeAllListeners();
    this.#client?.disconnect();
    this.#client = undefined;
    this.#subscriptions.clear();
    this.#heard.clear();
    this.#held = [];
    this.#setState("off");
  }

  onEvent(handler: LiveHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Whatever is cached may be old. */
  onReset(handler: () => void): () => void {
    this.#resets.add(handler);
    return () => this.#resets.delete(handler);
  }

  onState(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Listens on a channel until every caller has let go of it. */
  subscribe(channel: string): () => void {
    this.#wanted.set(channel, (this.#wanted.get(channel) ?? 0) + 1);
    this.#attach(channel);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#wanted.get(channel) ?? 1) - 1;
      if (left > 0) this.#wanted.set(channel, left);
      else this.#detach(channel);
    };
  }

  /** Reads what was missed. Events that arrive meanwhile wait their turn. */
  catchUp(): Promise<void> {
    if (this.#catching) {
      this.#again = true;
      return this.#catching;
    }
    clearTimeout(this.#timer);
    this.#catching = this.#fill().then(
      () => this.#caughtUp(),
      () => {
        this.#caughtUp();
        if (this.#started) this.#timer = setTimeout(() => void this.catchUp(), patience);
      },
    );
    return this.#catching;
  }

  /** One publication; only subscriptions call this. */
  receive(channel: string, event: LiveEvent): void {
    const last = this.#heard.get(channel);
    this.#heard.set(channel, event.seq);
    if (last !== undefined && (event.prev ?? last) > last) void this.catchUp();
    if (this.#catching) this.#held.push(event);
    else this.#deliver(event);
  }

  #attach(channel: string): void {
    const client = this.#client;
    if (!client || this.#subscriptions.has(channel)) return;
    const subscription = client.getSubscription(channel) ?? client.newSubscription(channel);
    subscription.on("publication", ({ data }) => this.receive(channel, data as LiveEvent));
    // What was published before we listened has passed us by, unless it came by
    // its inbox too, as every event of a conversation does.
    if (!channel.startsWith("conversation:")) {
      subscription.on("subscribed", () => void this.catchUp());
    }
    this.#subscriptions.set(channel, subscription);
    subscription.subscribe();
  }

  #detach(channel: string): void {
    this.#wanted.delete(channel);
    this.#heard.delete(channel);
    const subscription = this.#subscriptions.get(channel);
    if (!subscription) return;
    this.#subscriptions.delete(channel);
    subscription.removeAllListeners();
    this.#client?.removeSubscription(subscription);
  }

  async #fill(): Promise<void> {
    let after = this.#log.after;
    for (;;) {
      const page = await this.#deps.eventsAfter(after);
      if (page.reset) {
        this.#log.reset(page.next_seq);
        for (const handler of this.#resets) handler();
        return;
      }
      for (const event of page.items) this.#deliver(event);
      if (page.items.length === 0 || page.next_seq <= after) return;
      after = page.next_seq;
    }
  }

  #caughtUp(): void {
    this.#catching = undefined;
    const held = this.#held.sort((a, b) => a.seq - b.seq);
    this.#held = [];
    for (const event of held) this.#deliver(event);
    if (!this.#again) return;
    this.#again = false;
    void this.catchUp();
  }

  /** The same event may come by several channels, and again by the log. */
  #deliver(event: LiveEvent): void {
    if (!this.#log.admit(event)) return;
    for (const handler of this.#handlers) handler(event);
  }

  #setState(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

async function connect(): Promise<Centrifuge> {
  const { Centrifuge } = await import("centrifuge");
  return new Centrifuge(`${location.origin.replace(/^http/, "ws")}/api/v1/live`);
}

export const live = new Live({
  connect,
  eventsAfter: (after) => call(api.GET("/api/v1/events", { params: { query: { after } } })),
});
