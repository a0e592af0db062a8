import { useQuery } from "@tanstack/react-query";
import { contactQuery, phoneState } from "@/api/contacts";
import { channelsQuery } from "@/api/nouns";
import type { Conversation } from "@/api/types";

/** What is known of the number that a conversation's texts go to, and of the one that they come from. */
export function useStanding({ contact, phone, channel_id: id }: Conversation) {
  const person = useQuery(contactQuery(contact.id));
  const channel = useQuery(channelsQuery).data?.find((one) => one.id === id);
  return { channel, state: phoneState(person.data, phone ?? contact.phone) };
}
