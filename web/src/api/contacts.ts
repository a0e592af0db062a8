import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "./action";
import { api, call } from "./client";
import { keys } from "./keys";
import type { Consent, Contact, PhoneState } from "./types";

export function contactQuery(id: number) {
  return queryOptions({
    queryKey: keys.contacts.one(id),
    queryFn: ({ signal }): Promise<Contact> =>
      call(api.GET("/api/v1/contacts/{id}", { signal, params: { path: { id } } })),
  });
}

/** What is known of one of a contact's numbers; undefined where there is nothing to say. */
export function phoneState(contact: Contact | undefined, phone: string): PhoneState | undefined {
  const state = contact?.phone_states?.find((one) => isSame(one.phone, phone));
  return state?.opted_out_at || state?.unreachable_at ? state : undefined;
}

/** Shorter than this the end of a number names no one in particular. */
const telling = 7;

/** Whether two ways to write it are one number: with its country, or as it is dialled at home. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((phone) => phone.replace(/\D/g, "").replace(/^0+/, ""));
  if (!a || !b || Math.min(a.length, b.length) < telling) return a === b;
  return a.endsWith(b) || b.endsWith(a);
}

/** What was said of a number, the newest first. */
export function consentsQuery(phone: string) {
  return queryOptions({
    queryKey: keys.consents(phone),
    queryFn: ({ signal }): Promise<Consent[]> =>
      call(api.GET("/api/v1/consents", { signal, params: { query: { phone, limit: 50 } } })).then(
        ({ items }) => items,
      ),
  });
}

export interface Said {
  phone: string;
  evidence: string;
}

/** Notes what a contact has said about being texted. */
export function useConsent(contact: number, state: "opted_in" | "opted_out") {
  const client = useQueryClient();
  const path = `/api/v1/contacts/{id}/${state === "opted_in" ? "opt-in" : "opt-out"}` as const;
  return useAction<Contact, Said>({
    run: (body, headers) =>
      call(api.POST(path, { headers, params: { path: { id: contact } }, body })),
    onSuccess: (changed, { phone }) => {
      client.setQueryData(contactQuery(contact).queryKey, changed);
      void client.invalidateQueries({ queryKey: consentsQuery(phone).queryKey });
    },
  });
}
