import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { phoneState } from "@/api/contacts";
import { keys } from "@/api/keys";
import type { Channel, Contact, Conversation } from "@/api/types";
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

export type ChannelType = Channel["type"];

/** The addresses or numbers of a contact, of those that a channel writes to. */
export function pointsOf(contact: Contact, type: ChannelType): string[] {
  return type === "email" ? contact.emails : contact.phones;
}

/** Why a contact can't be written to on a channel; undefined where nothing stands in the way. */
export function hindrance(
  contact: Contact,
  type: ChannelType,
): "blocked" | "noEmail" | "noPhone" | "optedOut" | undefined {
  if (contact.blocked) return "blocked";
  if (type === "email") return contact.emails.length === 0 ? "noEmail" : undefined;
  if (contact.phones.length === 0) return "noPhone";
  const out = (phone: string) => Boolean(phoneState(contact, phone)?.opted_out_at);
  return contact.phones.every(out) ? "optedOut" : undefined;
}

/** On which channels a contact can be written to, and where. */
export function reachQuery(contact: number) {
  return queryOptions({
    queryKey: [...keys.contacts.one(contact), "reach"] as const,
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/conversations/new-options", {
          signal,
          params: { query: { contact_id: contact } },
        }),
      ).then(({ items }) => items),
    staleTime: 0,
  });
}

export interface Start {
  channel: Channel;
  /** Known, or to be created with the start. */
  contact: Contact | { name: string };
  /** Which of the contact's addresses or numbers. */
  point: string;
}

/** Opens a conversation in which nothing is written yet, which nobody else sees; by text the open one of the number. */
export function useStart(onStarted: (conversation: Conversation) => void) {
  const client = useQueryClient();
  return useAction<Conversation, Start>({
    run: async ({ channel, contact, point }, headers) => {
      const { id, type } = channel;
      const known = "id" in contact ? contact : await create(contact.name, type, point);
      const to = type === "sms" ? { to: [{ phone: point }] } : {};
      const conversation = await call(
        api.POST("/api/v1/conversations", {
          headers,
          body: { channel_id: id, contact_id: known.id, ...to },
        }),
      );
      if (type === "email" && point !== known.emails[0]) {
        await keepAddress(conversation.id, known.name, point);
      }
      return conversation;
    },
    onSuccess: (conversation) => {
      client.setQueryData(keys.conversations.one(conversation.id), conversation);
      onStarted(conversation);
    },
  });
}

function create(name: string, type: ChannelType, point: string): Promise<Contact> {
  const points = type === "email" ? { emails: [point] } : { phones: [point] };
  return call(api.POST("/api/v1/contacts", { body: { name, ...points } }));
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
