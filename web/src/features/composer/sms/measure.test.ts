import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { clustersOf, measure } from "./measure";

interface Row {
  readonly text: string;
  readonly times?: number;
  readonly tail?: string;
  readonly want: {
    readonly encoding: string;
    readonly segments: number;
    readonly units: number;
    readonly per_segment: number;
    readonly left: number;
    readonly offenders: readonly string[];
  };
}

const root = path.resolve(import.meta.dirname, "../../../../..");
const table = path.join(root, "internal/sms/testdata/measure.json");

test("the table of internal/sms holds here, too", () => {
  const rows = JSON.parse(readFileSync(table, "utf8")) as Row[];
  expect(rows.length).toBeGreaterThan(40);
  for (const { text, times = 1, tail = "", want } of rows) {
    const { perSegment, ...count } = measure(text.repeat(times) + tail);
    expect({ ...count, per_segment: perSegment }, JSON.stringify(text)).toEqual(want);
  }
});

test("half a pair is a unit", () => {
  expect(measure("a\ud83d")).toMatchObject({ encoding: "ucs2", units: 2, segments: 1 });
});

test("what is left has a place, and not a unit more", () => {
  for (const text of ["hello", "x".repeat(200), "€".repeat(81), "😀".repeat(70), "ж".repeat(66)]) {
    const { segments, left } = measure(text);
    expect(measure(text + "a".repeat(left))).toMatchObject({ segments, left: 0 });
    expect(measure(text + "a".repeat(left + 1)).segments).toBe(segments + 1);
  }
});

/** The peers' cases are read in place, and only where they are at hand. */
function corpus(file: string): readonly Case[] | undefined {
  const ups = [root, ...Array.from({ length: 8 }, (_, i) => path.join(root, "../".repeat(i + 1)))];
  const dir =
    process.env.PARLEY_CORPORA ??
    ups.map((up) => path.join(up, "shared/corpora")).find((at) => existsSync(at));
  const at = dir && path.join(dir, "sms", file);
  if (!at || !existsSync(at)) return undefined;
  return (JSON.parse(readFileSync(at, "utf8")) as { cases: Case[] }).cases;
}

interface Case {
  readonly id: string;
  readonly body: string;
  readonly expect: {
    readonly encoding: string;
    readonly segments: number;
    readonly total_bytes?: number;
    readonly message_bits?: number;
    readonly characters?: number;
  };
}

/** Told to send GSM at any price, the peer puts a space for each ☃; we change no text. */
const otherwise = "split-sms/GSM-7-08";

function seen(body: string): Case["expect"] {
  const { encoding, segments, units } = measure(body);
  const gsm = encoding === "gsm";
  return {
    encoding: gsm ? "GSM-7" : "UCS-2",
    segments,
    total_bytes: units * (gsm ? 1 : 2),
    message_bits: units * (gsm ? 7 : 16),
    characters: clustersOf(body).length,
  };
}

const none = "no peer corpora: set PARLEY_CORPORA to the folder that holds sms";

test.for(["split-sms.json", "twilio-calculator.json"])("the peers' cases: %s", (file, { skip }) => {
  const cases = corpus(file);
  if (!cases) {
    process.stdout.write(`${file}: skipped: ${none}\n`); // the reporter keeps the reason to itself
    return skip(none);
  }
  expect(cases.length).toBeGreaterThan(4);
  for (const { id, body, expect: all } of cases.filter(({ id }) => id !== otherwise)) {
    const got = Object.entries(seen(body)).filter(([name]) => name in all);
    expect(all, id).toMatchObject(Object.fromEntries(got));
  }
});
