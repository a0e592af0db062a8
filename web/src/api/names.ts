import { readablePhone } from "@/lib/phones";
import type { Conversation, Message } from "./types";

/** What a contact is called: by name, else by address, else by number. */
export function calledIn({ contact, phone }: Pick<Conversation, "contact" | "phone">): string {
  return nameIn({ contact, phone }) || contact.email || readablePhone(phone || contact.phone);
}

/** The name of a contact; empty where no more than their number is known. */
export function nameIn({ contact, phone }: Pick<Conversation, "contact" | "phone">): string {
  return contact.name === phone ? "" : contact.name;
}

/** Who sent a message. A text has no name of its own: its number is called as the contact is. */
export function senderOf(
  { from, direction, contact_id: id }: Message,
  contact?: Conversation["contact"],
): string {
  const theirs = direction === "inbound" && contact?.id === id ? contact : undefined;
  const known = theirs && nameIn({ contact: theirs, phone: from.phone });
  return known || from.name || from.email || readablePhone(from.phone ?? "");
}
