/**
 * Query keys, noun first, so that everything of a noun can be invalidated at
 * once: `queryClient.invalidateQueries({ queryKey: keys.users.all })`.
 */
function noun<const Name extends string>(name: Name) {
  return {
    all: [name] as const,
    list: (filter: object = {}) => [name, "list", filter] as const,
    one: (id: number) => [name, "one", id] as const,
  };
}

export const keys = {
  setup: ["setup"] as const,
  me: ["me"] as const,
  sample: ["sample"] as const,
  sessions: noun("sessions"),
  users: noun("users"),
  inboxes: noun("inboxes"),
  channels: {
    ...noun("channels"),
    /** Who carries texts. */
    providers: ["channels", "providers"] as const,
    roundTrip: (id: number) => ["channels", "round-trip", id] as const,
    confirmation: (id: number) => ["channels", "confirmation", id] as const,
    senderCheck: (id: number) => ["channels", "sender-check", id] as const,
  },
  tokens: noun("tokens"),
  intake: noun("intake"),
  blocklist: noun("blocklist"),
  canned: { ...noun("canned"), folders: ["canned", "folders"] as const },
  mergeFields: ["merge-fields"] as const,
  signatures: {
    all: ["signatures"] as const,
    list: ["signatures", "list"] as const,
    /** The one that a conversation's letters end with. */
    of: (conversation: number) => ["signatures", "of", conversation] as const,
  },
  conversations: {
    ...noun("conversations"),
    lists: ["conversations", "list"] as const,
    /** Those that are read by themselves. */
    each: ["conversations", "one"] as const,
    allCounts: ["conversations", "counts"] as const,
    counts: (inbox?: number) => ["conversations", "counts", inbox ?? null] as const,
    related: (id: number) => ["conversations", "related", id] as const,
    spam: (id: number) => ["conversations", "spam", id] as const,
  },
  timeline: (conversation: number) => ["timeline", conversation] as const,
  drafts: (conversation: number) => ["drafts", conversation] as const,
  contacts: noun("contacts"),
  /** What was said about texts to a number. */
  consents: { all: ["consents"], of: (phone: string) => ["consents", phone] as const },
} as const;
