import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Contact, Conversation } from "@/api/types";
import { blank } from "./content";

export function contactSearch(q: string) {
  return queryOptions({
    queryKey: keys.contacts.list({ q }),
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/contacts", { signal, params: { query: { q, limit: 20 } } })),
    placeholderData: (previous) => previous,
  });
}

/** New conversations with a contact that I began and have not sent. */
export function begunQuery(contact: number) {
  return queryOptions({
    queryKey: [...keys.conversations.all, "begun", contact] as const,
    queryFn: async ({ signal }) => {
      const query = { contact_id: contact, sort: "added", limit: 20 } as const;
      const page = await call(api.GET("/api/v1/conversations", { signal, params: { query } }));
      return page.items.filter((row) => row.draft);
    },
  });
}

/** Why a contact can't be written to by email; undefined where nothing stands in the way. */
export function hindrance(contact: Contact): "blocked" | "noEmail" | undefined {
  if (contact.blocked) return "blocked";
  return contact.emails.length === 0 ? "noEmail" : undefined;
}

export interface Start {
  channel: number;
  /** Known, or to be created with the start. */
  contact: Contact | { name: string; email: string };
  /** Which of the contact's addresses. */
  email: string;
}

/** Opens a conversation in which nothing is written yet; nobody else sees it. */
export function useStart(onStarted: (conversation: Conversation) => void) {
  const client = useQueryClient();
  return useAction<Conversation, Start>({
    run: async ({ channel, contact, email }, headers) => {
      const known = "id" in contact ? contact : await create(contact);
      const conversation = await call(
        api.POST("/api/v1/conversations", {
          headers,
          body: { channel_id: channel, contact_id: known.id },
        }),
      );
      if (email !== known.emails[0]) await keepAddress(conversation.id, known.name, email);
      return conversation;
    },
    onSuccess: (conversation) => {
      client.setQueryData(keys.conversations.one(conversation.id), conversation);
      onStarted(conversation);
    },
  });
}

function create({ name, email }: { name: string; email: string }): Promise<Contact> {
  return call(api.POST("/api/v1/contacts", { body: { name, emails: [email] } }));
}

/** The address that was chosen is kept as the draft's recipient. */
function keepAddress(id: number, name: string, email: string): Promise<unknown> {
  const content = { ...blank, to: [{ name, email }] };
  return call(
    api.PUT("/api/v1/conversations/{id}/draft", {
      params: { path: { id } },
      body: { mode: "reply", content, base_version: 0 },
    }),
  );
}
