import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What axe finds on a page as it stands. Mails stand in documents of their own,
 * written by strangers: those are not ours to correct.
 */
export async function audit(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async (values) => {
    const options = { runOnly: { type: "tag", values }, iframes: false };
    return (await window.axe.run(document, options)).violations;
  }, tags);
  return violations.map(({ id, impact, nodes }) => {
    const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 200));
    return `${impact} ${id}: ${where.join(" | ")}`;
  });
}
