/** The text alone, on one line. */
export function wordsOf(html: string): string {
  const spaced = html.replace(/<\/?(p|li|br|blockquote|pre|ul|ol)\b[^>]*>/g, " ");
  const decoded = new DOMParser().parseFromString(spaced, "text/html").body.textContent ?? "";
  return decoded.replace(/\s+/g, " ").trim();
}
