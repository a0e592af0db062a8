import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Person } from "@/api/types";
import { draftsQuery, keptHere } from "./drafts-query";
import type { Slot } from "./mode";
import { wordsOf } from "./words";

/** Drafts are looked for once the cursor rests: flying over a list asks for none. */
const rest = 300;

/** The beginning of what was written in a conversation and not sent, or its first file; empty where there is nothing. */
export function useDraftPreview(conversation: number): Record<Slot, string> {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), rest);
    return () => clearTimeout(timer);
  }, []);
  const { data } = useQuery({ ...draftsQuery(conversation), enabled: rested });
  const words = (slot: Slot) => {
    const stored = data?.items.find((item) => item.mode === slot)?.content;
    const kept = keptHere(conversation, slot)?.content ?? stored ?? {};
    const { html, files, mode, to, cc } = kept;
    const text = typeof html === "string" ? wordsOf(html).slice(0, 120) : "";
    const [file] = Array.isArray(files) ? files : [];
    return text || String(file?.filename ?? (mode === "forward" ? named(to, cc) : ""));
  };
  return { reply: words("reply"), note: words("note") };
}

/** How the people of a draft are called, one after the other. */
function named(...fields: unknown[]): string {
  const people = fields.flatMap((one) => (Array.isArray(one) ? (one as Partial<Person>[]) : []));
  return people.map(({ name, email }) => name || email).join(", ");
}
