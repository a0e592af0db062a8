/**
 * The colours of inboxes and tags, by the names they are stored under. Each
 * stands out 3:1 from the page in both themes, and white from it.
 */
export const dotColors = [
  { name: "indigo", color: "#5b56e8" },
  { name: "blue", color: "#1f76d2" },
  { name: "teal", color: "#0e8a8a" },
  { name: "green", color: "#1b8a4b" },
  { name: "orange", color: "#c25e0c" },
  { name: "red", color: "#d1364a" },
  { name: "pink", color: "#c2338f" },
  { name: "grey", color: "#767684" },
] as const;

export type DotColor = (typeof dotColors)[number]["name"];

/** A stored name as one of ours; one we do not know is grey. */
export function toDotColor(name: string): DotColor {
  return dotColors.find((dot) => dot.name === name)?.name ?? "grey";
}

/** The colour behind a stored name; one we do not know is grey. */
export function dotColor(name: string): string {
  return dotColors.find((dot) => dot.name === name)?.color ?? "#767684";
}
