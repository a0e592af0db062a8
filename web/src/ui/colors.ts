/** The colours of inboxes and tags. Each stands out 3:1 from both themes, and white from it. */
export const dotColors = [
  { name: "indigo", color: "#5b56e8" },
  { name: "blue", color: "#1f76d2" },
  { name: "teal", color: "#0e8a8a" },
  { name: "green", color: "#1b8a4b" },
  { name: "amber", color: "#b86e00" },
  { name: "orange", color: "#cf5a14" },
  { name: "red", color: "#d1364a" },
  { name: "pink", color: "#c2338f" },
  { name: "purple", color: "#8b4fd6" },
  { name: "grey", color: "#767684" },
] as const;

export const defaultColor: string = dotColors[0].color;
