import { expect, test } from "vitest";
import { fileSize } from "./sizes";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [214_000, "214 kB"],
  [1_840_000, "1.8 MB"],
  [214_000_000, "214 MB"],
  [5_000_000_000, "5 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});
