/** What is written to while a text is read out of HTML. */
interface Sink {
  text: (text: string) => void;
  /** Lines end here; two of them leave an empty one between. */
  lines: (count: number) => void;
  chip: (chip: Element) => void;
}

/** How many line ends stand around a block: paragraphs are set apart, lines are not. */
const blocks: Readonly<Record<string, number>> = {
  P: 2,
  H1: 2,
  H2: 2,
  H3: 2,
  H4: 2,
  BLOCKQUOTE: 2,
  PRE: 2,
  UL: 2,
  OL: 2,
  TABLE: 2,
  LI: 1,
  DIV: 1,
  TR: 1,
};

/** What a page does not show is no part of its text. */
const unseen = new Set(["STYLE", "SCRIPT", "TITLE", "TEMPLATE"]);

function read(node: Node, sink: Sink): void {
  if (node.nodeType === Node.TEXT_NODE) {
    // A line that is broken in the source is not broken for the reader.
    sink.text((node.textContent ?? "").replace(/\s*[\n\r\t]\s*/g, " "));
  }
  if (!(node instanceof Element) || unseen.has(node.tagName)) return;
  if (node.hasAttribute("data-merge")) sink.chip(node);
  else if (node.tagName === "BR") sink.text("\n");
  else readBlock(node, sink);
}

function readBlock(node: Element, sink: Sink): void {
  const inItem = node.tagName === "P" && node.parentElement?.tagName === "LI";
  const apart = inItem ? 1 : (blocks[node.tagName] ?? 0);
  // Behind the sign of its item a paragraph goes on.
  if (!inItem || node.previousElementSibling) sink.lines(apart);
  if (node.tagName === "LI") sink.text("- ");
  for (const child of node.childNodes) read(child, sink);
  if (node.tagName === "A") sink.text(address(node));
  sink.lines(apart);
}

/** Where a link leads, where its words do not say it: a text has no links but what can be read. */
function address(link: Element): string {
  const href = link.getAttribute("href") ?? "";
  const said = link.textContent?.trim() ?? "";
  return /^https?:/i.test(href) && said !== href ? ` ${href}` : "";
}

function parse(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

function readAll(html: string, text: (text: string) => string, chip: (chip: Element) => string) {
  let out = "";
  let owed = 0;
  const put = (piece: string) => {
    if (piece === "") return;
    if (out !== "") out += text("\n".repeat(owed));
    owed = 0;
    out += piece;
  };
  for (const child of parse(html).childNodes) {
    read(child, {
      // Between blocks there is nothing but the way in which the source is set.
      text: (piece) => (piece === " " && (owed > 0 || out === "") ? undefined : put(text(piece))),
      lines: (count) => {
        owed = Math.max(owed, count);
      },
      chip: (element) => put(chip(element)),
    });
  }
  return out;
}

/** The text that leaves; chips stand in it as their labels. */
export function plainText(html: string): string {
  return readAll(
    html,
    (text) => text,
    (chip) => chip.textContent ?? "",
  );
}

function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>" };
  return text.replace(/[&<>\n]/g, (sign) => signs[sign] ?? sign);
}

/** Any HTML as the editor of texts has it: one paragraph of text, line breaks and chips. */
export function flattened(html: string): string {
  const flat = readAll(html, escaped, (chip) => chip.outerHTML);
  return flat === "" ? "" : `<p>${flat}</p>`;
}

/** The same HTML with characters replaced, in what was written and not within chips. */
export function replacedIn(
  html: string,
  replaced: readonly { readonly from: string; readonly to: string }[],
): string {
  const body = parse(html);
  const walk = (node: Node): void => {
    if (node instanceof Element && node.hasAttribute("data-merge")) return;
    if (node.nodeType === Node.TEXT_NODE) {
      node.textContent = replaced.reduce(
        (text, { from, to }) => text.replaceAll(from, to),
        node.textContent ?? "",
      );
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(body);
  return body.innerHTML;
}
