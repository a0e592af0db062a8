import { expect, test } from "vitest";
import { fieldOf, parseChip, writeChip } from "./merge";

test.each([
  ["contact.first_name", { field: "contact.first_name", fallback: undefined }],
  ['contact.first_name | default: "there"', { field: "contact.first_name", fallback: "there" }],
  [" user.name|default:'we' ", { field: "user.name", fallback: "we" }],
  ["contact.first_name | upcase", undefined],
  ["first_name", undefined],
  ["", undefined],
])("%s", (expression, chip) => {
  expect(parseChip(expression)).toEqual(chip);
});

test.each([
  ["contact.first_name", "contact.first_name"],
  [' contact.nick | default: "a | b" | upcase', "contact.nick"],
  ["", ""],
])("%s begins with a field", (expression, field) => {
  expect(fieldOf(expression)).toBe(field);
});

test.each([
  [undefined, "contact.first_name"],
  ["", "contact.first_name"],
  ["there", 'contact.first_name | default: "there"'],
  ['our "friend"', "contact.first_name | default: 'our \"friend\"'"],
  [`it's "us"`, `contact.first_name | default: 'it’s "us"'`],
])("a default of %s", (fallback, expression) => {
  const written = writeChip({ field: "contact.first_name", fallback });
  expect(written).toBe(expression);
  expect(parseChip(written)?.field).toBe("contact.first_name");
});
