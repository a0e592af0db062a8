// Runs axe over every screen, in both themes, wide and on a phone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

process.env.BYPASS_CSP = "1";
const { open } = await import("./browser.mjs");
const { screens } = await import("./screens.mjs");

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const only = process.argv[2] ?? "";
const { visit, faults, close } = await open();

for (const screen of screens.filter(({ name }) => name.includes(only))) {
  for (const [size, theme] of [
    ["wide", "light"],
    ["wide", "dark"],
    ["phone", "light"],
  ]) {
    const page = await visit(screen, { size, theme });
    await page.evaluate(axe);
    const found = await page.evaluate(async (runOnly) => {
      const { violations } = await window.axe.run(document, { runOnly });
      // Menus, lists and tooltips open beside the landmarks, as their patterns have it.
      const beside = ({ id, nodes }) =>
        id === "region" &&
        nodes.every(({ target }) =>
          document.querySelector(target[0])?.closest("[data-base-ui-portal], [data-suggestions]"),
        );
      return violations.filter((violation) => !beside(violation));
    }, rules);
    for (const { id, impact, nodes } of found) {
      const where = nodes.map((node) => node.html.slice(0, 160)).slice(0, 3);
      faults.push(`${screen.name} ${size} ${theme}: ${impact} ${id}\n    ${where.join("\n    ")}`);
    }
    await page.close();
  }
}
await close();
for (const fault of new Set(faults)) console.log(fault);
console.log(
  faults.length === 0 ? `${screens.length} screens, no violations` : `${faults.length} faults`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
