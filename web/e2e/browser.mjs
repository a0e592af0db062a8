import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

export const sizes = {
  wide: { width: 1440, height: 900 },
  tablet: { width: 900, height: 1100 },
  phone: { width: 390, height: 844 },
};

/** The live endpoint, as far as a page needs it: what is to happen on it comes with the first inbox. */
function answerLive(socket, events = []) {
  const send = (reply) => socket.send(JSON.stringify(reply));
  const publish = (channel) => {
    for (const [index, event] of events.splice(0).entries()) {
      const data = { seq: 1000 + index, at: new Date().toISOString(), ...event };
      send({ push: { channel, pub: { data } } });
    }
  };
  socket.onMessage((text) => {
    for (const line of String(text).split("\n").filter(Boolean)) {
      const { id, connect, subscribe } = JSON.parse(line);
      if (connect) send({ id, connect: { client: "e2e", ping: 25, pong: true } });
      if (subscribe) send({ id, subscribe: {} });
      if (subscribe?.channel.startsWith("inbox:")) publish(subscribe.channel);
    }
  });
}

/** A browser on the built app; visit() brings a fresh page to a screen and settles it. */
export async function open() {
  const server = await serve();
  const profile = mkdtempSync(path.join(tmpdir(), "parley-e2e-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    bypassCSP: process.env.BYPASS_CSP === "1",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  const faults = [];
  async function visit(screen, { size = "wide", theme = "light" } = {}) {
    server.begin(screen.scenario);
    const page = await browser.newPage();
    page.setDefaultTimeout(8000);
    page.on("pageerror", (error) => faults.push(`${screen.name}: ${error.message}`));
    page.on("console", (message) => {
      const expected = /Failed to load resource|WebSocket connection/.test(message.text());
      if (message.type() === "error" && !expected) faults.push(`${screen.name}: ${message.text()}`);
    });
    await page.setViewportSize(sizes[size]);
    await page.emulateMedia({ colorScheme: theme });
    await page.routeWebSocket(/\/api\/v1\/live/, (socket) =>
      answerLive(socket, [...(screen.live ?? [])]),
    );
    // What another screen left on the device is no part of this one.
    await page.addInitScript(() => {
      if (window !== top || sessionStorage.getItem("visited")) return;
      sessionStorage.setItem("visited", "yes");
      localStorage.clear();
    });
    await page.goto(server.url + screen.path);
    await page.locator("main h1, main p, [role=dialog]").first().waitFor();
    await page.waitForTimeout(250);
    await screen.act?.(page);
    await page.waitForTimeout(350);
    return page;
  }
  async function close() {
    await browser.close();
    await server.stop();
    rmSync(profile, { recursive: true, force: true });
  }
  return { visit, faults, close };
}
