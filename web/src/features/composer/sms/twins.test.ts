import { expect, test } from "vitest";
import { cheaper } from "./twins";

const long = "Your bike is ready for you to take home from our shop in Lakeside today. ";

test("typographic characters are replaced where that saves a segment", () => {
  const proposal = cheaper(`${long}It’s “as new” – really…`);
  expect(proposal?.text).toBe(`${long}It's "as new" - really...`);
  expect(proposal?.places).toBe(5);
  expect(proposal?.replaced).toEqual([
    { from: "’", to: "'" },
    { from: "“", to: '"' },
    { from: "”", to: '"' },
    { from: "–", to: "-" },
    { from: "…", to: "..." },
  ]);
  expect([proposal?.before.segments, proposal?.after.segments]).toEqual([2, 1]);
});

test("each kind is counted once, and its places all", () => {
  const proposal = cheaper(`${long}‘a’ ‘b’`);
  expect(proposal?.places).toBe(4);
  expect(proposal?.replaced.length).toBe(2);
});

test("spaces and what cannot be seen are cleaned, and line ends kept", () => {
  expect(cheaper(`${long}9\u00a0am\u200b\ufeff\u202fto\u20285\tpm`)?.text).toBe(
    `${long}9 am to\n5 pm`,
  );
});

test("an accent apart joins its letter", () => {
  expect(cheaper(`${long}Cafe\u0301 u\u0308ber`)?.text).toBe(`${long}Café über`);
});

test("no letter is changed for another", () => {
  expect(cheaper(`${long}ça va’`)).toBeUndefined();
  expect(cheaper(`${long}á’`)).toBeUndefined();
});

test("nothing is proposed where nothing is saved", () => {
  expect(cheaper("")).toBeUndefined();
  expect(cheaper("It’s ready")).toBeUndefined(); // one segment either way
  expect(cheaper(`${long}${long}${long}`)).toBeUndefined(); // GSM as it is
  expect(cheaper(`${long}It’s 😀`)).toBeUndefined(); // the emoji stays
  expect(cheaper("…".repeat(71))).toBeUndefined(); // 213 full stops are no less
});
