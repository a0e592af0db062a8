import type { Content } from "./content";
import { listed } from "./content";

/** What says in English and in German that something is attached. */
const words =
  /\b(?:attached|attaching|attachments?|enclosed|enclosing|anbei|angehängt(?:e[nmrs]?)?|angefügt(?:e[nmrs]?)?|beigefügt(?:e[nmrs]?)?|beiliegend(?:e[nmrs]?)?|(?:im|als|dem|den|die|der)\s+(?:anhang|anhänge|anlagen?)|in\s+der\s+anlage)(?![\p{L}\p{N}])/iu;

/** “No attachment” and the like promise nothing. */
const denied =
  /\b(?:no|not|without|any|kein(?:e[nmrs]?)?|nicht|ohne)\s+(?:an\s+|the\s+|den\s+|die\s+|der\s+)?$/iu;

/**
 * The word with which a letter promises a file that is not there; undefined
 * where it promises none or has one. What is quoted was written by others.
 */
export function promised(content: Pick<Content, "html" | "files">): string | undefined {
  if (listed(content).length > 0 || content.html.includes("<img")) return undefined;
  const page = new DOMParser().parseFromString(content.html, "text/html");
  for (const quoted of page.querySelectorAll("blockquote, pre, code")) quoted.remove();
  const parts = [...page.body.children].map((part) => part.textContent ?? "");
  for (const text of parts.length > 0 ? parts : [page.body.textContent ?? ""]) {
    const found = words.exec(text);
    if (found && !denied.test(text.slice(0, found.index))) return found[0];
  }
  return undefined;
}
