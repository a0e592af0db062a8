// What a file of journeys stands on: a server, the world of mail, a browser; and
// what is kept of a journey that fails.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { startRelay } from "./mail.mjs";
import { Office } from "./office.mjs";
import { startServer } from "./server.mjs";
import { patience } from "./until.mjs";

const artifacts = path.resolve(import.meta.dirname, "../artifacts");
const suite = process.env.PARLEY_TEST_DATABASE_URL ? "postgres" : "sqlite";

const limit = 300_000;

export const sizes = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  narrow: { width: 360, height: 740 },
};

function chromiumPath() {
  const found = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"]
    .filter(Boolean)
    .flatMap((name) => process.env.PATH.split(":").map((folder) => path.resolve(folder, name)))
    .find((file) => existsSync(file));
  if (!found) throw new Error("Chromium is missing; scripts/install-deps says what to install");
  return found;
}

/** Sets the stage for one file, with what else the server is told. Its parts are there once a journey runs. */
export function stage(environment = {}, start = startServer) {
  const set = { pages: [], faults: [] };
  before(async () => {
    set.relay = await startRelay();
    set.server = await start(set.relay, environment);
    set.browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"],
    });
  });
  after(async () => {
    try {
      await set.browser?.close();
      await set.server?.stop(); // fails the file if the server ended badly
    } finally {
      await set.relay?.stop(); // open, it would keep the file from ending
    }
  });
  set.office = () => Office.open(set);
  set.visit = (path, options) => visit(set, path, options);
  return set;
}

/** A browser of somebody's own, on a page of the app. */
async function visit(set, address, { as, office, size = "wide", theme = "light", ...more } = {}) {
  const context = await set.browser.newContext({
    ...{ viewport: sizes[size], colorScheme: theme, baseURL: set.server.url },
    ...(size === "wide" ? {} : { hasTouch: true, isMobile: true }),
    ...more,
  });
  context.setDefaultTimeout(patience);
  if (as) await context.addCookies([await office.session(as)]);
  const page = await context.newPage();
  set.pages.push(page);
  watch(page, set.faults);
  await page.goto(address);
  return page;
}

/** No page may throw, log an error, or ask anybody but our own server for something. */
function watch(page, faults) {
  page.on("pageerror", (error) => faults.push(`page error: ${error.stack}`));
  page.on("console", (message) => {
    // An answer that refuses is part of several journeys, and the browser logs each.
    const refusal = /Failed to load resource.*status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !refusal) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    const own = host === new URL(page.url()).host || page.url() === "about:blank";
    if (!own && !["data:", "blob:"].includes(protocol)) faults.push(`asks ${request.url()}`);
  });
}

/** One journey. Where it fails, pictures of its pages and the server's log are kept. */
export function journey(set, name, run) {
  test(name, async (t) => {
    try {
      await inTime(run(t));
      if (set.faults.length > 0) throw new Error(set.faults.join("\n"));
    } catch (error) {
      await keep(set, name);
      throw error;
    } finally {
      await Promise.all(set.pages.map((page) => page.context().close()));
      set.pages.length = 0;
      set.faults.length = 0;
    }
  });
}

/** The runner's own limit would begin the next journey while this one's pages are open. */
async function inTime(journeyed) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over within ${limit / 1000} s`)), limit);
  });
  await Promise.race([journeyed, late]).finally(() => clearTimeout(timer));
}

async function keep(set, name) {
  const folder = path.join(artifacts, suite, name.replace(/[^\w]+/g, "-"));
  mkdirSync(folder, { recursive: true });
  console.log(`What is left of “${name}”: ${folder}`);
  for (const [index, page] of set.pages.entries()) {
    await page
      .screenshot({ path: path.join(folder, `page-${index + 1}.png`) })
      .catch(() => undefined);
  }
  if (set.server) writeFileSync(path.join(folder, "server.log"), set.server.log());
}
