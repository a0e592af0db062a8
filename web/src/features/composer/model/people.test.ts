import { expect, test } from "vitest";
import { addPeople, parsePeople, writePerson } from "./people";

const emails = (text: string) => parsePeople(text).people.map(({ email }) => email);

test.each([
  ["ada@x.example", ["ada@x.example"]],
  [
    "ada@x.example, bob@y.example; cy@z.example",
    ["ada@x.example", "bob@y.example", "cy@z.example"],
  ],
  ["ada@x.example bob@y.example", ["ada@x.example", "bob@y.example"]],
  ["ada@x.example\nbob@y.example\n", ["ada@x.example", "bob@y.example"]],
  ["<ada@x.example>", ["ada@x.example"]],
  ["mailto:ada@x.example", ["ada@x.example"]],
  ["a.b+tag@sub.x.example", ["a.b+tag@sub.x.example"]],
  ["me@localhost", ["me@localhost"]],
])("%j is people", (text, expected) => {
  expect(emails(text)).toEqual(expected);
  expect(parsePeople(text).rest).toBe("");
});

test.each([
  ["Ada Lovelace <ada@x.example>", "Ada Lovelace"],
  ['"Lovelace, Ada" <ada@x.example>', "Lovelace, Ada"],
  ['"Ada \\"the\\" L" <ada@x.example>', 'Ada "the" L'],
  ["ada@x.example", ""],
])("%j carries the name", (text, name) => {
  expect(parsePeople(text).people).toEqual([{ name, email: "ada@x.example" }]);
});

test.each(["ada", "ada@", "@x.example", "ada@@x.example", "ada@x..example", "a b@x.example"])(
  "%j is no address and stays as it was typed",
  (text) => {
    expect(parsePeople(text)).toEqual({ people: [], rest: text });
  },
);

test("of a mixed list what is no address stays", () => {
  const { people, rest } = parsePeople("ada@x.example, nobody, bob@y.example, half@");
  expect(people.map(({ email }) => email)).toEqual(["ada@x.example", "bob@y.example"]);
  expect(rest).toBe("nobody, half@");
});

test.each([
  { name: "", email: "ada@x.example" },
  { name: "Ada Lovelace", email: "ada@x.example" },
  { name: 'Lovelace, "Ada"', email: "ada@x.example" },
])("$name $email is read back as it is written", (person) => {
  expect(parsePeople(writePerson(person)).people).toEqual([person]);
});

test("nobody is added twice, whatever the case", () => {
  const ada = { name: "Ada", email: "ada@x.example" };
  const again = [
    { name: "", email: "ADA@x.example" },
    { name: "", email: "bob@y.example" },
  ];
  expect(addPeople([ada], [...again, ...again])).toEqual([ada, again[1]]);
});
