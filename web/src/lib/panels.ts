/**
 * F6 goes round the panels of a page: whatever carries data-panel, in the
 * order of the document. A panel takes the focus itself (tabIndex -1), or
 * names with data-panel-focus what should have it.
 */
export function cyclePanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>("[data-panel], #main")].filter(
    (panel) => panel.getClientRects().length > 0,
  );
  if (panels.length === 0) return;
  const inside = panels.filter((panel) => panel.contains(document.activeElement));
  const current = inside.length > 0 ? panels.indexOf(inside[inside.length - 1] as HTMLElement) : -1;
  const next = panels[(current + step + panels.length) % panels.length];
  const target = next?.querySelector<HTMLElement>("[data-panel-focus]") ?? next;
  target?.focus();
}
