import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { contactQuery } from "@/api/contacts";
import { keys } from "@/api/keys";
import { describe } from "@/api/problem";
import type { components } from "@/api/schema";
import type { Contact, Conversation } from "@/api/types";
import { toast } from "@/ui/toast";

export type ContactPatch = components["schemas"]["ContactBody"];

/** Says that an address works again, though mail to it had come back. */
export function useWorking(id: number) {
  const client = useQueryClient();
  return useAction<Contact, string>({
    run: (email, headers) =>
      call(
        api.POST("/api/v1/contacts/{id}/emails/{email}/working", {
          headers,
          params: { path: { id, email } },
        }),
      ),
    onSuccess: (contact) => client.setQueryData(contactQuery(id).queryKey, contact),
    onError: (problem) => toast(describe(problem).text, { tone: "danger" }),
  });
}

export function relatedQuery(conversation: number) {
  return queryOptions({
    queryKey: keys.conversations.related(conversation),
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/conversations/{id}/related", {
          signal,
          params: { path: { id: conversation } },
        }),
      ),
  });
}

/** Changes a contact at once where it is shown, and puts it back where the server refuses. */
export function usePatchContact(id: number, conversation: number) {
  const client = useQueryClient();
  const { queryKey } = contactQuery(id);
  const shownIn = keys.conversations.one(conversation);
  return useAction<Contact, ContactPatch, { before: Contact | undefined }>({
    run: (body) => call(api.PATCH("/api/v1/contacts/{id}", { params: { path: { id } }, body })),
    onMutate: async (patch) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData(queryKey);
      if (before) client.setQueryData(queryKey, { ...before, ...(patch as Partial<Contact>) });
      return { before };
    },
    onSuccess: (contact) => {
      client.setQueryData(queryKey, contact);
      client.setQueryData<Conversation>(shownIn, (old) => {
        if (!old) return old;
        const { name, emails, phones } = contact;
        const shown = { name, email: emails[0] ?? "", phone: phones[0] ?? "" };
        return { ...old, contact: { ...old.contact, ...shown } };
      });
    },
    onError: (_, __, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
    },
  });
}
