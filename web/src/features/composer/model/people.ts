import type { Person } from "@/api/types";

/** Addresses compare without case. */
export function key(person: { email: string }): string {
  return person.email.trim().toLowerCase();
}

/** Whether an address is one of ours, by its key: also with the +tag (RFC 5233) that our replies ask answers to. */
export function isOwn(person: { email: string }, own: readonly string[]): boolean {
  return own.includes(key(person)) || own.includes(key(person).replace(/\+[^@]*@/, "@"));
}

/** A shape worth sending to the server, which has the last word: something, an @, a domain. */
const address = /^[^\s@<>,;"]+@[^\s@<>,;."]+(\.[^\s@<>,;."]+)*$/;

/**
 * "Ada <ada@x.test>, bob@x.test" as people; what is no address comes back as
 * it was typed. A comma within quotes is part of a name.
 */
export function parsePeople(text: string): { people: Person[]; rest: string } {
  const people: Person[] = [];
  const rest: string[] = [];
  for (const part of split(text)) {
    const person = parsePerson(part);
    if (person) people.push(person);
    else rest.push(part);
  }
  return { people, rest: rest.join(", ") };
}

function parsePerson(part: string): Person | undefined {
  const named = part.match(/^(.*?)\s*<\s*([^<>]+?)\s*>$/);
  const email = (named?.[2] ?? part).replace(/^mailto:/i, "");
  if (!address.test(email)) return undefined;
  return { name: unquoted(named?.[1]?.trim() ?? ""), email };
}

function unquoted(name: string): string {
  return name.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1");
}

function split(text: string): string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^,;\n])+/g) ?? [];
  return parts.flatMap(spaced).filter(Boolean);
}

/** Addresses that stand side by side with nothing but space between them. */
function spaced(part: string): string[] {
  const words = part.trim().split(/\s+/);
  return words.length > 1 && words.every((word) => address.test(word)) ? words : [part.trim()];
}

/** As a chip is typed, for changing it. */
export function writePerson({ name, email }: Person): string {
  if (!name) return email;
  return `${/[,;"<>]/.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name} <${email}>`;
}

/** Adds people to a list, each address once. */
export function addPeople(list: readonly Person[], more: readonly Person[]): Person[] {
  const known = new Set(list.map(key));
  return [...list, ...more.filter((person) => !known.has(key(person)) && known.add(key(person)))];
}
