/** How long the pointer rests before the first tooltip; those that follow soon come at once. */
const rest = 500;
const warm = 300;
/** Time to move onto the tooltip itself (WCAG 1.4.13). */
const leave = 100;

/**
 * Tells which element's tooltip should show: after the pointer has rested on
 * it, or when the keyboard brought the focus. Escape, a press and scrolling
 * put it away. Returns the way to stop.
 */
export function watchTips(root: Document, show: (anchor: HTMLElement | null) => void): () => void {
  let current: HTMLElement | null = null;
  let closedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (anchor: HTMLElement | null) => {
    clearTimeout(timer);
    if (anchor === current) return;
    if (!anchor) closedAt = performance.now();
    current = anchor;
    show(anchor);
  };
  const later = (anchor: HTMLElement | null, delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(anchor), delay);
  };

  const listeners = {
    pointerover(event: PointerEvent) {
      if (event.pointerType === "touch" || !(event.target instanceof Element)) return;
      if (event.target.closest("[data-tip-popup]")) return clearTimeout(timer);
      const anchor = tipOf(event.target);
      if (anchor === current) return clearTimeout(timer);
      if (!anchor) return current ? later(null, leave) : clearTimeout(timer);
      const recent = current !== null || performance.now() - closedAt < warm;
      later(anchor, recent ? 0 : rest);
    },
    focusin(event: FocusEvent) {
      const anchor = event.target instanceof Element ? tipOf(event.target) : null;
      set(anchor?.matches(":focus-visible") ? anchor : null);
    },
    pointerdown: () => set(null),
    scroll: () => set(null),
    keydown(event: KeyboardEvent) {
      if (event.key === "Escape") set(null);
    },
  };
  const names = Object.keys(listeners) as (keyof typeof listeners)[];
  for (const name of names) root.addEventListener(name, listeners[name] as EventListener, true);
  return () => {
    clearTimeout(timer);
    for (const name of names) {
      root.removeEventListener(name, listeners[name] as EventListener, true);
    }
  };
}

function tipOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>("[data-tip]");
}
