import { ApiProblem } from "@/api/problem";
import { type Content, contentOf } from "./content";

/** How long typing must rest before it is saved, and how soon a save that failed is tried again. */
const pause = 700;
const patience = 4000;

/** local: the server could not be reached, so it is kept on this device. */
export type DraftState = "idle" | "saving" | "saved" | "local";

/** What this device keeps until the server has it. */
export interface Kept {
  content: Content;
  /** The version that it was written upon. */
  base: number;
}

export interface DraftDeps {
  /** Throws the problem draft.newer where another version than base is there. */
  put: (content: Content, base: number) => Promise<{ version: number }>;
  remove: () => Promise<unknown>;
  read: () => Kept | undefined;
  keep: (kept: Kept) => void;
  forget: () => void;
  /** There is no draft any more. */
  gone: () => void;
  /** Whether a draft is worth going on with. */
  worth: (content: Content) => boolean;
}

/**
 * Keeps what is written: on this device at once, on the server within a second.
 * Where the same person has written elsewhere meanwhile, what is written here
 * is saved and the other text is offered, so that neither is lost.
 */
export class DraftKeeper {
  readonly #deps: DraftDeps;
  readonly #watchers = new Set<() => void>();
  #state: DraftState = "idle";
  #other: Content | null = null;
  #version = 0;
  #waiting: Content | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: DraftDeps) {
    this.#deps = deps;
  }

  get state(): DraftState {
    return this.#state;
  }

  /** What was written elsewhere and is not what is shown here. */
  get other(): Content | null {
    return this.#other;
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** The draft to go on with: this device's, if it never reached the server, else the server's. */
  load(draft: { content: unknown; version: number } | undefined): Content | null {
    this.#version = draft?.version ?? 0;
    const onServer = this.#worthy(draft?.content);
    const kept = this.#deps.read();
    const here = this.#worthy(kept?.content);
    if (!here) return onServer;
    if (onServer && kept?.base !== this.#version && onServer.html !== here.html) {
      this.#other = onServer;
    }
    this.save(here);
    return here;
  }

  save(content: Content): void {
    this.#waiting = content;
    this.#deps.keep({ content, base: this.#version });
    this.#set("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pause);
  }

  /** Saves now. Saves follow one another, so that the last is the one that stays. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#store());
    return this.#running;
  }

  /** Waits for a save on its way and begins no other: what was written is about to be sent. */
  async hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting = null;
    await this.#running;
  }

  /** It was sent, and the server has dropped its draft with that. */
  sent(): void {
    this.#clear();
  }

  /** Thrown away, here and there. */
  async discard(): Promise<void> {
    await this.hold();
    const had = this.#version > 0;
    this.#clear();
    if (had) await this.#deps.remove();
  }

  /** The other text was taken or is not wanted. */
  settle(other: Content | null = null): void {
    this.#other = other;
    this.#tell();
  }

  #worthy(stored: unknown): Content | null {
    const content = contentOf(stored);
    return content && this.#deps.worth(content) ? content : null;
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#other = null;
    this.#version = 0;
    this.#deps.forget();
    this.#deps.gone();
    this.#set("idle");
  }

  async #store(): Promise<void> {
    const content = this.#waiting;
    if (!content) return;
    this.#waiting = null;
    try {
      this.#version = await this.#put(content);
      if (this.#waiting) return;
      this.#deps.forget();
      this.#set("saved");
    } catch (error) {
      this.#waiting ??= content;
      this.#set("local");
      const passing = error instanceof ApiProblem && error.passing;
      if (passing) this.#timer = setTimeout(() => void this.flush(), patience);
    }
  }

  async #put(content: Content): Promise<number> {
    try {
      return (await this.#deps.put(content, this.#version)).version;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.key !== "draft.newer") throw error;
      const newer = error.body.draft as { content?: unknown; version?: number } | undefined;
      const theirs = this.#worthy(newer?.content);
      if (theirs && theirs.html !== content.html) this.#other = theirs;
      return (await this.#deps.put(content, newer?.version ?? 0)).version;
    }
  }

  #set(state: DraftState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
