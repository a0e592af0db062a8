import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { readablePhone } from "@/lib/phones";
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

/** What is known of one of a contact's numbers, as they write it or as conversations name it. */
export function phoneState(contact: Contact | undefined, phone: string): PhoneState | undefined {
  const called = (one: PhoneState) => one.number === phone || one.phone === phone;
  return contact?.phone_states.find(called);
}

/** One of a contact's numbers as numbers are shown everywhere, however it is written. */
export function shownPhone(contact: Contact, phone: string): string {
  return readablePhone(phoneState(contact, phone)?.number || phone);
}

/** What was said of a number, the newest first. */
export function consentsQuery(phone: string) {
  return queryOptions({
    queryKey: keys.consents.of(phone),
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
    onSuccess: (changed) => {
      client.setQueryData(contactQuery(contact).queryKey, changed);
      void client.invalidateQueries({ queryKey: keys.consents.all });
    },
  });
}
