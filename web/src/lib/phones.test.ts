import { expect, test } from "vitest";
import { readablePhone } from "./phones";

test.each([
  ["+14155550100", "+1 415 555 0100"],
  ["+447700900123", "+44 770 090 0123"],
  ["+4930123456", "+49 3012 3456"],
  ["+358401234567", "+358 401 234 567"],
  ["+3545551234", "+354 555 1234"],
  ["24680", "24680"],
  ["", ""],
  ["ada@example.com", "ada@example.com"],
])("%s reads %s", (number, readable) => {
  expect(readablePhone(number)).toBe(readable);
});
