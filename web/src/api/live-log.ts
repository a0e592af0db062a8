import type { LiveEvent } from "./types";

/** How many numbers are remembered one by one; older ones are below the floor. */
const memory = 2000;
/** How far before the newest number a catch-up begins. */
const overlap = 32;

/**
 * What has been delivered. Events of one channel come in order, but those of
 * two channels may pass each other, so the newest number alone does not tell
 * what is missing: a catch-up begins a little before it, and each number is
 * delivered once.
 */
export class LiveLog {
  readonly #seen = new Set<number>();
  #floor = 0;
  #newest = 0;

  /** Everything up to seq is known already. */
  reset(seq: number): void {
    this.#seen.clear();
    this.#floor = seq;
    this.#newest = seq;
  }

  /** The number to ask for events after. */
  get after(): number {
    return Math.max(this.#floor, this.#newest - overlap);
  }

  /** Whether the event is news; it is not the next time. */
  admit(event: LiveEvent): boolean {
    if (event.seq <= this.#floor || this.#seen.has(event.seq)) return false;
    this.#seen.add(event.seq);
    this.#newest = Math.max(this.#newest, event.seq);
    if (this.#seen.size > memory) this.#raise();
    return true;
  }

  #raise(): void {
    this.#floor = this.#newest - overlap;
    for (const seq of this.#seen) if (seq <= this.#floor) this.#seen.delete(seq);
  }
}
