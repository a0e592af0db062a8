/**
 * One polite status line for the whole app. Words that come in quick
 * succession are spoken together, so that a burst of arrivals does not talk
 * over the person.
 */
const batch = 400;
let pending: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let region: HTMLElement | null = null;

/** The live region calls this with its element, and with null when it goes. */
export function attachRegion(element: HTMLElement | null): void {
  region = element;
}

export function announce(text: string): void {
  if (pending.at(-1) !== text) pending.push(text);
  if (timer === undefined) timer = setTimeout(flush, batch);
}

function flush(): void {
  timer = undefined;
  const text = pending.join(". ");
  pending = [];
  if (!region) return;
  // The same words twice are a change only if the line was empty between.
  region.textContent = "";
  requestAnimationFrame(() => {
    if (region) region.textContent = text;
  });
}
