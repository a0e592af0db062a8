import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { channelsQuery } from "@/api/nouns";
import type { LiveEvent } from "@/api/types";
import { readAllAnew } from "./sample";

/** What is read anew when a kind of thing has changed. Events carry ids, never the change itself. */
const stale: Record<string, readonly QueryKey[]> = {
  "inbox.changed": [keys.inboxes.all, keys.users.all],
  "channel.changed": [keys.channels.all, keys.conversations.each],
  "canned_message.changed": [keys.canned.all],
  "signature.changed": [keys.signatures.all],
  "merge_field.changed": [keys.mergeFields],
  "account.changed": [keys.me],
  "user.changed": [keys.users.all, keys.inboxes.all, keys.me],
  "token.changed": [keys.tokens.all],
  "blocklist.changed": [keys.blocklist.all],
  "conversation.spam": [keys.blocklist.all],
  "conversation.not_spam": [keys.blocklist.all],
  "intake.failed": [keys.intake.all],
};

export function applySettingsEvent(queryClient: QueryClient, event: LiveEvent): void {
  for (const queryKey of stale[event.kind] ?? []) {
    void queryClient.invalidateQueries({ queryKey });
  }
  if (event.kind === "sample.added" || event.kind === "sample.removed") readAllAnew(queryClient);
  if (event.kind === "message.received") firstMail(queryClient, event);
}

/** The first mail of a channel ends its "No mail yet"; those after it change nothing to speak of. */
function firstMail(queryClient: QueryClient, event: LiveEvent): void {
  const channels = queryClient.getQueryData(channelsQuery.queryKey);
  const waiting = channels?.some(
    (channel) => channel.id === event.channel_id && channel.last_inbound_at === null,
  );
  if (waiting) void queryClient.invalidateQueries({ queryKey: keys.channels.all });
}
