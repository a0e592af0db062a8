import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { Message, TimelineNote } from "@/api/types";

export type Letter = components["schemas"]["MessageBody"];

export function useSendMessage(id: number) {
  return useAction<Message, Letter>({
    run: (body, headers) =>
      call(
        api.POST("/api/v1/conversations/{id}/messages", {
          params: { path: { id } },
          headers,
          body,
        }),
      ) as Promise<Message>,
  });
}

export function useAddNote(id: number) {
  return useAction<TimelineNote, { html: string }>({
    run: (body, headers) =>
      call(
        api.POST("/api/v1/conversations/{id}/notes", { params: { path: { id } }, headers, body }),
      ) as Promise<TimelineNote>,
  });
}

export type RecipientField = "to" | "cc" | "bcc";
export type LetterField = RecipientField | "subject";

/** What is wrong beside each field, and what is wrong with the whole. */
export interface Faults {
  fields: Partial<Record<LetterField, string>>;
  whole: string | undefined;
}

export const faultless: Faults = { fields: {}, whole: undefined };

/** Puts "to[0].email" and the like beside the field of the composer that they are about. */
export function faultsOf(problem: {
  message: string;
  fields: Readonly<Record<string, string>>;
}): Faults {
  const faults: Faults = { fields: {}, whole: undefined };
  for (const [name, text] of Object.entries(problem.fields)) {
    const field = name.replace(/\[.*$/, "");
    if (field === "to" || field === "cc" || field === "bcc" || field === "subject") {
      faults.fields[field] ??= text;
    } else faults.whole ??= text;
  }
  if (Object.keys(faults.fields).length === 0) faults.whole ??= problem.message;
  return faults;
}
