/** A merge field as a chip holds it: a Liquid expression of one field and, perhaps, its default. */
export interface Chip {
  field: string;
  /** What is written where the field is empty; undefined: the account's default, if there is one. */
  fallback: string | undefined;
}

const shape = /^\s*([a-z_]+(?:\.[a-z_]+)+)\s*(?:\|\s*default:\s*(?:"([^"]*)"|'([^']*)')\s*)?$/i;

/** Reads a chip's expression; undefined where it says more than the editor can change. */
export function parseChip(expression: string): Chip | undefined {
  const found = shape.exec(expression);
  if (!found?.[1]) return undefined;
  return { field: found[1], fallback: found[2] ?? found[3] };
}

/** Which field an expression begins with, also where it has more filters than the editor can change. */
export function fieldOf(expression: string): string {
  return expression.split("|")[0]?.trim() ?? "";
}

/** Liquid's strings have no escapes: what holds one kind of quotes is put into the other. */
export function writeChip({ field, fallback }: Chip): string {
  if (fallback === undefined || fallback === "") return field;
  const quote = fallback.includes('"') ? "'" : '"';
  return `${field} | default: ${quote}${fallback.replaceAll(quote, "’")}${quote}`;
}

/** Whether a text holds anything to fill in. */
export function hasChips(html: string): boolean {
  return html.includes("data-merge");
}
