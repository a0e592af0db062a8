// Takes pictures of every screen: node e2e/shots.mjs DIRECTORY [what names match]
import { mkdirSync } from "node:fs";
import path from "node:path";
import { open } from "./browser.mjs";
import { screens } from "./screens.mjs";

const [directory = "shots", only = ""] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });

const looks = [
  { size: "wide", theme: "light" },
  { size: "phone", theme: "light" },
  { size: "wide", theme: "dark" },
  { size: "phone", theme: "dark" },
];
const { visit, faults, close } = await open();
for (const screen of screens.filter(({ name }) => name.match(only))) {
  for (const look of looks) {
    const file = `${screen.name}-${look.size}-${look.theme}.png`;
    try {
      const page = await visit(screen, look);
      await page.screenshot({ path: path.join(directory, file) });
      await page.close();
    } catch (error) {
      faults.push(`${file}: ${error.message.split("\n")[0]}`);
    }
  }
}
await close();
for (const fault of new Set(faults)) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
