import type { Centrifuge, Subscription } from "centrifuge";
import { api, call } from "./client";
import { ApiProblem } from "./problem";
import type { LiveEvent } from "./types";

/**
 * The live seam. Publications are events of ids, numbered per account; each
 * names the number before it on its channel. A gap, or a connection that was
 * lost, is filled from GET /events, so that handlers hear each event once and
 * in order. Where too much was missed the server says "reset", and what is
 * cached is read anew.
 */
export type LiveHandler = (event: LiveEvent) => void;
export type LiveState = "off" | "connecting" | "live" | "waiting";

interface Deps {
  connect: () => Promise<Centrifuge>;
  eventsAfter: (seq: number) => Promise<{ items: LiveEvent[]; next_seq: number; reset?: boolean }>;
}

export class Live {
  readonly #deps: Deps;
  readonly #handlers = new Set<LiveHandler>();
  readonly #resets = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  readonly #wanted = new Map<string, number>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #lastOn = new Map<string, number>();
  #client: Centrifuge | undefined;
  #seq = 0;
  #state: LiveState = "off";
  #held: LiveEvent[] = [];
  #catching: Promise<void> | undefined;
  #again = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Everything up to seq is known, from GET /me. Called once, after the first paint. */
  async start(seq: number): Promise<void> {
    this.#seq = seq;
    if (this.#client) return;
    this.#setState("connecting");
    const client = await this.#deps.connect();
    this.#client = client;
    client.on("connecting", () => this.#setState("connecting"));
    client.on("disconnected", () => this.#setState("waiting"));
    client.on("connected", () => {
      this.#setState("live");
      void this.catchUp();
    });
    for (const channel of this.#wanted.keys()) this.#attach(channel);
    client.connect();
  }

  stop(): void {
    this.#client?.disconnect();
    this.#client = undefined;
    this.#subscriptions.clear();
    this.#lastOn.clear();
    this.#held = [];
    this.#setState("off");
  }

  onEvent(handler: LiveHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Too much was missed to be told one by one: whatever is cached may be old. */
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
    if (this.#catching) this.#again = true;
    this.#catching ??= this.#fill().finally(() => {
      this.#catching = undefined;
      this.#flush();
      if (this.#again) {
        this.#again = false;
        void this.catchUp();
      }
    });
    return this.#catching;
  }

  receive(channel: string, event: LiveEvent): void {
    const last = this.#lastOn.get(channel);
    this.#lastOn.set(channel, event.seq);
    const gap = last !== undefined && event.prev !== undefined && event.prev > last;
    if (gap && event.prev !== undefined && event.prev > this.#seq) void this.catchUp();
    if (this.#catching) this.#held.push(event);
    else this.#deliver(event);
  }

  #attach(channel: string): void {
    const client = this.#client;
    if (!client || this.#subscriptions.has(channel)) return;
    const subscription = client.getSubscription(channel) ?? client.newSubscription(channel);
    subscription.on("publication", ({ data }) => this.receive(channel, data as LiveEvent));
    // What was published between a lost subscription and this one has passed us by.
    subscription.on("subscribed", () => void this.catchUp());
    this.#subscriptions.set(channel, subscription);
    subscription.subscribe();
  }

  #detach(channel: string): void {
    this.#wanted.delete(channel);
    this.#lastOn.delete(channel);
    const subscription = this.#subscriptions.get(channel);
    this.#subscriptions.delete(channel);
    subscription?.removeAllListeners();
    if (subscription) this.#client?.removeSubscription(subscription);
  }

  async #fill(): Promise<void> {
    try {
      for (;;) {
        const page = await this.#deps.eventsAfter(this.#seq);
        if (page.reset) {
          this.#seq = page.next_seq;
          for (const handler of this.#resets) handler();
          return;
        }
        for (const event of page.items) this.#deliver(event);
        const done = page.items.length === 0 || page.next_seq <= this.#seq;
        this.#seq = Math.max(this.#seq, page.next_seq);
        if (done) return;
      }
    } catch (error) {
      // The connection is down too, then; its return asks again.
      if (!(error instanceof ApiProblem)) throw error;
    }
  }

  #flush(): void {
    const held = this.#held.sort((a, b) => a.seq - b.seq);
    this.#held = [];
    for (const event of held) this.#deliver(event);
  }

  /** The same event may come by several channels, and again by the log. */
  #deliver(event: LiveEvent): void {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
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
  const url = `${location.origin.replace(/^http/, "ws")}/api/v1/live`;
  return new Centrifuge(url);
}

export const live = new Live({
  connect,
  eventsAfter: (after) => call(api.GET("/api/v1/events", { params: { query: { after } } })),
});
