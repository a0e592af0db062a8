import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Only colours differ between the themes. */
const looked = {
  light: { type: "tag", values: tags },
  dark: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
};

/**
 * What axe finds on a page as it stands, in light and in dark. Mails stand in
 * documents of their own, written by strangers: those are not ours to correct.
 */
export async function audit(page) {
  const found = [];
  for (const [theme, runOnly] of Object.entries(looked)) {
    await page.emulateMedia({ colorScheme: theme });
    await settle(page, theme);
    for (const fault of await violations(page, runOnly)) found.push(`${theme}: ${fault}`);
  }
  return found;
}

/** Colours that are on their way to others have no contrast to measure. */
async function settle(page, theme) {
  await page.locator(`html[data-theme=${theme}]`).waitFor({ state: "attached" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    const moves = document.getAnimations().filter((one) => one.effect.getTiming().iterations === 1);
    await Promise.all(moves.map((one) => one.finished.catch(() => undefined)));
  });
}

async function violations(page, runOnly) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(async (only) => {
    const options = { runOnly: only, iframes: false, resultTypes: ["violations"] };
    const { violations } = await window.axe.run(document, options);
    // An open menu has the focus and a name of its own; it needs no landmark around it.
    const inMenu = ({ target }) => document.querySelector(target[0])?.closest("[role=menu]");
    return violations.filter(({ id, nodes }) => id !== "region" || !nodes.every(inMenu));
  }, runOnly);
  return found.map(({ id, impact, nodes }) => {
    const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 200));
    return `${impact} ${id}: ${where.join(" | ")}`;
  });
}
