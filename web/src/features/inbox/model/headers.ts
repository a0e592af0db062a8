/** One field of a mail's header, unfolded (RFC 5322 2.2.3). */
export interface HeaderField {
  name: string;
  value: string;
}

/** A header as it came, and its fields. */
export interface Head {
  text: string;
  fields: HeaderField[];
  /** It is longer than anybody reads; the rest is in the original. */
  cut: boolean;
}

/** One step of a mail's way: a line that a server put on top (RFC 5321 4.4). */
export interface Hop {
  from: string;
  by: string;
  at: Date | undefined;
}

/** What a server found out about the sender (RFC 8601). */
export interface Verdict {
  by: string;
  method: string;
  result: string;
  /** What it looked at: a domain, an address, a selector. */
  about: string;
}

/** More than this of a header is not read: nobody does. */
export const headLimit = 256 * 1024;

/** Reads a mail up to the end of its header, and nothing behind it. */
export async function readHead(body: ReadableStream<Uint8Array> | null): Promise<Head> {
  if (!body) return { text: "", fields: [], cut: false };
  const reader = body.getReader();
  let bytes = new Uint8Array(0);
  let end = -1;
  try {
    while (end < 0 && bytes.length < headLimit) {
      const { done, value } = await reader.read();
      if (done) break;
      const from = Math.max(0, bytes.length - 3);
      bytes = joined(bytes, value);
      end = endOfHead(bytes, from);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  const cut = end < 0 && bytes.length >= headLimit;
  const text = decode(bytes.subarray(0, end < 0 ? headLimit : end)).trimEnd();
  return { text, fields: fieldsOf(text), cut };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Where an empty line begins, whichever way lines end; -1 where there is none yet. */
function endOfHead(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1];
    if (next === 10 || (next === 13 && bytes[at + 2] === 10)) return at + 1;
  }
  return -1;
}

/** UTF-8 as RFC 6532 has it, else what old programs write. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export function fieldsOf(text: string): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last) last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const [, name, value] = line.match(/^([^\s:]+)[ \t]*:(.*)$/) ?? [];
    if (name !== undefined && value !== undefined) fields.push({ name, value: value.trim() });
  }
  return fields;
}

const valuesOf = (fields: readonly HeaderField[], name: string) =>
  fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);

/** The way of a mail, from where it was first handed over. Each server speaks for itself: what stands below ours may be invented. */
export function hopsOf(fields: readonly HeaderField[]): Hop[] {
  return valuesOf(fields, "received")
    .reverse()
    .map((value) => {
      const semicolon = value.lastIndexOf(";");
      const words = semicolon < 0 ? value : value.slice(0, semicolon);
      const at = new Date(value.slice(semicolon + 1).replace(/\([^)]*\)/g, ""));
      return {
        from: words.match(/\bfrom\s+(\S+(?:\s+\([^)]*\))?)/i)?.[1] ?? "",
        by: words.match(/\bby\s+(\S+)/i)?.[1] ?? "",
        at: semicolon < 0 || Number.isNaN(at.getTime()) ? undefined : at,
      };
    });
}

/** What each server found, in its order: the topmost is the last that looked. */
export function verdictsOf(fields: readonly HeaderField[]): Verdict[] {
  return valuesOf(fields, "authentication-results").flatMap((value) => {
    const [by = "", ...results] = value.replace(/\([^)]*\)/g, "").split(";");
    return results.flatMap((part) => {
      const [, method, result, rest = ""] =
        part.trim().match(/^([\w-]+)(?:\/\d+)?\s*=\s*([\w-]+)(.*)$/s) ?? [];
      if (!method || !result) return [];
      const about = [...rest.matchAll(/[\w-]+\.[\w-]+\s*=\s*("[^"]*"|\S+)/g)].map(
        ([whole]) => whole,
      );
      const host = by.trim().split(/\s/)[0] ?? "";
      return [{ by: host, method: method.toLowerCase(), result, about: about.join(" ") }];
    });
  });
}
