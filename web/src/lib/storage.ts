/** What the browser keeps for us. Storage may be blocked or full; the app then runs without it. */
const prefix = "parley.";

export function readStored<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(prefix + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

/** Reports whether the value was kept, for callers that must not lose it. */
export function writeStored(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function removeStored(name: string): void {
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // Nothing was kept, so nothing is left behind.
  }
}
