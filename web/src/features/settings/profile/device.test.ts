import { expect, test } from "vitest";
import { deviceOf, hostOf } from "./device";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/140.0.0.0 Safari/537.36`, "Chrome"],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, "Chrome"],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`, "Edge"],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0.0.0 Safari/537.36 OPR/124.0`, "Opera"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
    "Safari",
  ],
  ["curl/8.5.0", ""],
])("%s is %s", (userAgent, browser) => {
  expect(deviceOf(userAgent).browser).toBe(browser);
});

test.each([
  ["203.0.113.7:51234", "203.0.113.7"],
  ["203.0.113.7", "203.0.113.7"],
  ["[2001:db8::7]:443", "2001:db8::7"],
  ["2001:db8::7", "2001:db8::7"],
])("of %s the reader sees %s", (stored, shown) => {
  expect(hostOf(stored)).toBe(shown);
});
