const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** An address as it is stored, with the port that the connection came from: that port says nothing to anybody. */
export function hostOf(remoteAddr: string): string {
  const [, bracketed] = /^\[(.+)\](?::\d+)?$/.exec(remoteAddr) ?? [];
  if (bracketed) return bracketed;
  return /^[^:]+:\d+$/.test(remoteAddr) ? remoteAddr.replace(/:\d+$/, "") : remoteAddr;
}

/** Enough of a user agent to tell one's own devices apart; the order of the tables matters. */
export function deviceOf(userAgent: string): { browser: string; system: string; phone: boolean } {
  const first = (table: typeof browsers) =>
    table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "";
  return {
    browser: first(browsers),
    system: first(systems),
    phone: /\b(Mobile|iPhone|Android)\b/.test(userAgent),
  };
}
