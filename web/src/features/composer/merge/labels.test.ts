import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { loadTexts } from "@/lib/i18n";
import { fieldLabel, inWords } from "./labels";

beforeAll(() => loadTexts("composer"));

const root = path.join(import.meta.dirname, "../../../../..");
const declared = readFileSync(path.join(root, "internal/merge/field.go"), "utf8");
const fields = [
  ...declared.matchAll(/"((?:contact|user|conversation|account|channel)\.[a-z_]+)"/g),
];

test("every field that the server knows has words", () => {
  const names = [...new Set(fields.map(([, name = ""]) => name))];
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => fieldLabel(name) === name)).toEqual([]);
});

test("a canned message is listed in words, whatever its fields fall back to", () => {
  const text = 'Hi {{ contact.first_name | default: "there" }}, {{account.name}} {{ 1 }';
  expect(inWords(text)).toBe(
    `Hi [${fieldLabel("contact.first_name")}], [${fieldLabel("account.name")}] {{ 1 }`,
  );
});
