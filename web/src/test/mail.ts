import type {
  Contact,
  Conversation,
  Draft,
  Message,
  PhoneState,
  TimelineEvent,
  TimelineItem,
  TimelineMessage,
  TimelineNote,
} from "@/api/types";

/** Conversations and what belongs to them, as the server would answer them; a test names only what it is about. */
export interface Mail {
  conversations: Conversation[];
  timelines: Record<number, TimelineItem[]>;
  contacts: Contact[];
  drafts: Record<number, Draft[]>;
  html: Record<number, string>;
  seq: number;
}

const now = Date.parse("2026-11-22T10:00:00Z");

/** So many minutes before the pretended present. */
export function ago(minutes: number): string {
  return new Date(now - minutes * 60_000).toISOString();
}

/** One of a contact's numbers, of which nothing more is known. */
export function phoneState(number: string, fields: Partial<PhoneState> = {}): PhoneState {
  const unsaid = { opted_out_at: null, unreachable_at: null, unreachable_reason: "" };
  return { phone: number, number, ...unsaid, ...fields };
}

export function contact(fields: Partial<Contact> = {}): Contact {
  return {
    id: 1,
    name: "Hanna Lindqvist",
    company: "",
    job_title: "",
    about: "",
    owner_id: null,
    emails: ["hanna@northwind.example"],
    phones: [],
    phone_states: (fields.phones ?? []).map((phone) => phoneState(phone)),
    fields: {},
    blocked: null,
    bounced: [],
    images_allowed: false,
    created_at: ago(60_000),
    updated_at: ago(60_000),
    ...fields,
  };
}

export function conversation(fields: Partial<Conversation> = {}): Conversation {
  return {
    id: 1,
    number: 1000 + (fields.id ?? 1),
    subject: "Delivery window for the Rotterdam depot",
    preview: "Our driver was told the slot is 06:00 to 08:00.",
    status: "open",
    folder: "open",
    spam: false,
    draft: false,
    priority: 0,
    source: "inbound",
    inbox_id: 1,
    channel_id: 1,
    channel_type: "email",
    assignee_id: null,
    contact: {
      id: 1,
      name: "Hanna Lindqvist",
      email: "hanna@northwind.example",
      phone: "",
      blocked: false,
    },
    created_at: ago(3000),
    closed_at: null,
    first_response_at: null,
    last_inbound_at: ago(39),
    last_outbound_at: null,
    last_message_at: ago(39),
    waiting_since: ago(39),
    snoozed_until: null,
    unread: false,
    last_seq: 10,
    message_count: 1,
    failed_count: 0,
    has_attachment: false,
    tags: [],
    fields: {},
    follow_up_of: null,
    merged_into_id: null,
    draft_preview: null,
    scheduled_at: null,
    participants: [],
    ...fields,
  };
}

export function message(fields: Partial<Message> = {}): TimelineMessage {
  const text = fields.text ?? "That is great news, thank you.";
  return {
    kind: "message",
    id: 1,
    conversation_id: 1,
    direction: "inbound",
    mode: "",
    author_id: null,
    contact_id: 1,
    from: { name: "Hanna Lindqvist", email: "hanna@northwind.example" },
    to: [{ name: "", email: "support@harbour.example" }],
    cc: [],
    bcc: [],
    reply_to: [],
    subject: "Delivery window for the Rotterdam depot",
    sent_at: ago(40),
    received_at: ago(39),
    at: ago(39),
    seq: 10,
    internet_id: "a@northwind.example",
    in_reply_to: "",
    references: [],
    text,
    visible_text: text,
    html: "",
    quote_at: -1,
    preview: text.slice(0, 80),
    attachments: [],
    auto_submitted: false,
    is_bounce: false,
    new_participant: false,
    unparsed: false,
    delivery: null,
    delivery_error: "",
    recipients: [],
    attempt: 1,
    tries: 0,
    send_at: null,
    envelope: { mail_from: "hanna@northwind.example", rcpt_to: ["support@harbour.example"] },
    segments: 0,
    raw_size: 4000,
    has_html: false,
    remote_images: false,
    images_allowed: false,
    auth: null,
    ...fields,
  };
}

/** One of ours, on its way or there. */
export function outbound(fields: Partial<Message> = {}): TimelineMessage {
  const to = fields.to ?? [{ name: "Hanna Lindqvist", email: "hanna@northwind.example" }];
  const delivery = fields.delivery ?? "sent";
  return message({
    direction: "outbound",
    mode: "reply",
    author_id: 1,
    from: { name: "Harbour Support", email: "support@harbour.example" },
    to,
    delivery,
    recipients: to.map(({ name, email }) => ({
      kind: "to",
      name: name ?? "",
      address: email,
      delivery,
      error: fields.delivery_error ?? "",
      status: "",
      reason: "",
    })),
    ...fields,
  });
}

export function note(fields: Partial<TimelineNote> = {}): TimelineNote {
  return {
    kind: "note",
    id: 1,
    at: ago(100),
    seq: 5,
    author_id: 2,
    text: "Third case from this batch. I opened a quality report.",
    html: "",
    edited_at: null,
    mentions: [],
    ...fields,
  };
}

export function event(fields: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    kind: "event",
    id: 2,
    at: ago(1500),
    event: "conversation.assigned",
    actor_id: 2,
    message_id: null,
    data: { from: 0, to: 1 },
    ...fields,
  };
}

export function noMail(): Mail {
  return { conversations: [], timelines: {}, contacts: [], drafts: {}, html: {}, seq: 100 };
}
