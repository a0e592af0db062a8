import type {
  BlocklistEntry,
  CannedMessage,
  Channel,
  Inbox,
  IntakeEntry,
  Me,
  MergeField,
  SessionInfo,
  Signature,
  Token,
  User,
} from "@/api/types";

/** Records as the server would answer them, each complete; a test names only what it is about. */
const day = "2026-11-02T09:30:00Z";

export function user(fields: Partial<User> = {}): User {
  return {
    id: 1,
    name: "Anna Keller",
    email: "anna@harbour.example",
    role: "owner",
    all_inboxes: true,
    inbox_ids: [],
    invited: false,
    disabled: false,
    last_seen_at: "2026-11-22T09:58:00Z",
    created_at: day,
    ...fields,
  };
}

export function me(fields: Partial<Me> = {}): Me {
  return {
    user: { ...user(), preferences: {} },
    account: {
      id: 1,
      name: "Harbour Support",
      timezone: "Europe/Amsterdam",
      region: "NL",
      sample_data: false,
    },
    permissions: [
      "read",
      "write",
      "annotate",
      "contacts",
      "settings",
      "people",
      "tokens",
      "journal",
      "billing",
    ],
    seq: 1,
    mail_domain: "in.parley.example",
    relay_configured: true,
    ...fields,
  };
}

export function inbox(fields: Partial<Inbox> = {}): Inbox {
  return {
    id: 1,
    name: "Support",
    color: "indigo",
    assignee_rule: "round_robin",
    default_assignee_id: null,
    assign_on_reply: true,
    member_ids: [],
    created_at: day,
    ...fields,
  };
}

export function channel(fields: Partial<Channel> = {}): Channel {
  return {
    id: 1,
    type: "email",
    name: "Support email",
    address: "support@harbour.example",
    forward_address: "c-7f3k9q2m@in.parley.example",
    from_name: "Harbour Support",
    inbox_id: 1,
    reopen_days: 30,
    plus_tags: true,
    add_signature: false,
    autoresponder_id: null,
    last_inbound_at: "2026-11-22T09:40:00Z",
    incoming: {
      way: "forward",
      imap: null,
      webhook: null,
      state: "ok",
      error: "",
      last_at: "2026-11-22T09:40:00Z",
      backfill: null,
    },
    outgoing: { way: "default", smtp: null, state: "ok", error: "" },
    quiet_since: null,
    webhook_url: null,
    disabled: false,
    created_at: day,
    ...fields,
  };
}

export function token(fields: Partial<Token> = {}): Token {
  return {
    id: 1,
    name: "Nightly export",
    hint: "parley_…4f2a",
    created_at: day,
    last_used_at: "2026-11-22T02:00:00Z",
    ...fields,
  };
}

export function session(fields: Partial<SessionInfo> = {}): SessionInfo {
  return {
    id: 1,
    current: true,
    user_agent:
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    remote_addr: "203.0.113.7",
    created_at: day,
    last_seen_at: "2026-11-22T09:59:00Z",
    ...fields,
  };
}

export function intakeEntry(fields: Partial<IntakeEntry> = {}): IntakeEntry {
  return {
    id: 481,
    channel_id: 1,
    state: "failed",
    outcome: "",
    size: 48_213,
    mail_from: "orders@northwind.example",
    rcpt_to: ["support@harbour.example"],
    received_at: "2026-11-21T16:20:00Z",
    filed_at: null,
    tries: 6,
    error: "The message could not be filed: the disk is full.",
    message_id: null,
    conversation_id: null,
    ...fields,
  };
}

export function blocked(fields: Partial<BlocklistEntry> = {}): BlocklistEntry {
  return {
    id: 1,
    kind: "email",
    value: "win@prizes.example",
    contact: { id: 90, name: "Prize Team" },
    why: "Sells watches",
    by_id: 1,
    at: "2026-11-21T16:20:00Z",
    ...fields,
  };
}

export function canned(fields: Partial<CannedMessage> = {}): CannedMessage {
  const html =
    fields.html ??
    '<p>Hi <span data-merge="contact.first_name | default: &quot;there&quot;">First name</span>,</p><p>Sorry about the wait. Your order left our depot on Monday.</p>';
  return {
    id: 1,
    name: "Shipping delay",
    shortcut: "delay",
    folder: "Shipping",
    shared: true,
    owner_id: null,
    subject: "",
    html,
    text: html.replace(/<[^>]+>/g, " ").trim(),
    attachments: [],
    uses: 41,
    last_used_at: "2026-11-21T16:20:00Z",
    created_at: day,
    updated_at: day,
    ...fields,
  };
}

export function mergeField(fields: Partial<MergeField> = {}): MergeField {
  return {
    name: "contact.first_name",
    group: "contact",
    label: "First name",
    sample: "Hanna",
    default: "",
    ...fields,
  };
}

export function signature(fields: Partial<Signature> = {}): Signature {
  return {
    level: "account",
    owner_id: 0,
    html: '<p>Kind regards,<br><span data-merge="user.name">Your name</span></p><p>Harbour Support</p>',
    text: "Kind regards,\nAnna Keller\n\nHarbour Support",
    updated_at: day,
    ...fields,
  };
}
