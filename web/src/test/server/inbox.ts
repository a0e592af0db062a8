import type { Contact, Conversation, Draft } from "@/api/types";
import { ago, contact, conversation, note } from "../mail";
import { add, type Call, change, find, type Handler, page, refuse } from "./base";
import { file, letterHandlers } from "./letters";
import { original } from "./original";
import type { State } from "./state";

/** Conversations, messages, drafts and contacts, pretended. */
const belongs: Record<string, (row: Conversation, me: number, mail: State["mail"]) => boolean> = {
  my_unread: (row, me) => isOpen(row) && row.assignee_id === me && row.unread,
  my_open: (row, me) => isOpen(row) && row.assignee_id === me,
  unassigned: (row) => isOpen(row) && row.assignee_id === null,
  all_open: (row) => isOpen(row),
  mentions: (row, me, { timelines }) =>
    isOpen(row) &&
    (timelines[row.id] ?? []).some((item) => item.kind === "note" && item.mentions.includes(me)),
  drafts: ({ id }, _, mail) => draftWords(mail, id) !== "",
  scheduled: (row, _, mail) => leaving(mail, row.id) !== null,
  failed: (row) => row.failed_count > 0,
  closed: (row) => row.status === "closed" && !row.spam,
  spam: (row) => row.spam,
};

/** The beginning of what is drafted in a conversation, or its first file. */
function draftWords({ drafts }: State["mail"], id: number): string {
  const begun = drafts[id]?.map(({ content: { html, files } }) => {
    const [file] = (files ?? []) as { filename: string }[];
    const text = String(html ?? "").replace(/<[^>]+>/g, " ");
    return text.trim() || (file?.filename ?? "");
  });
  return begun?.find(Boolean) ?? "";
}

/** When the next scheduled message of a conversation leaves. */
function leaving({ timelines }: State["mail"], id: number): string | null {
  const waiting = (timelines[id] ?? []).find(
    (item) => item.kind === "message" && item.delivery === "scheduled" && item.send_at,
  );
  return waiting?.kind === "message" ? waiting.send_at : null;
}

function isOpen(row: Conversation): boolean {
  return row.status === "open" && !row.spam && !row.draft;
}

function list({ state, query }: Call) {
  const { mail, me } = state;
  const test = belongs[query.get("view") ?? ""] ?? (() => true);
  const ids = query.get("ids")?.split(",").map(Number);
  const inbox = Number(query.get("inbox_id") ?? 0);
  const q = query.get("q")?.toLowerCase() ?? "";
  const said = ({ subject, preview, contact: { name } }: Conversation) =>
    `${subject} ${preview} ${name}`.toLowerCase().includes(q);
  const rows = mail.conversations
    .filter((row) => test(row, me.user.id, mail) && said(row))
    .filter((row) => !inbox || row.inbox_id === inbox)
    .filter((row) => !ids || ids.includes(row.id))
    .sort((a, b) => (b.last_message_at ?? "").localeCompare(a.last_message_at ?? ""))
    .map((row) => ({
      ...row,
      ...(query.get("view") === "drafts" ? { draft_preview: draftWords(mail, row.id) } : {}),
      ...(query.get("view") === "scheduled" ? { scheduled_at: leaving(mail, row.id) } : {}),
    }));
  const from = Number(query.get("cursor") ?? 0);
  const end = from + Number(query.get("limit") ?? 50);
  return { items: rows.slice(from, end), next_cursor: end < rows.length ? String(end) : "" };
}

const row = ({ state, id }: Call) => find(state.mail.conversations, id);

function saveDraft({ state, id, body }: Call): Draft {
  const drafts = state.mail.drafts[id] ?? [];
  const known = drafts.find(({ mode }) => mode === body.mode);
  if ((known?.version ?? 0) !== body.base_version) {
    refuse(409, "draft.newer", "Saved elsewhere.", { draft: known });
  }
  const saved = {
    mode: body.mode as Draft["mode"],
    content: body.content as Draft["content"],
    version: (known?.version ?? 0) + 1,
    updated_at: ago(0),
  };
  state.mail.drafts[id] = [...drafts.filter((draft) => draft !== known), saved];
  return saved;
}

function setSpam(call: Call, spam: boolean): Conversation {
  return Object.assign(row(call), {
    spam,
    folder: spam ? "spam" : "open",
    spam_info: spam ? { by_id: 1, at: ago(0), why: String(call.body.why ?? "") } : undefined,
  });
}

function start({ state, body }: Call): Conversation {
  const person = find(state.mail.contacts, Number(body.contact_id));
  const { type = "email" } = state.channels.find(({ id }) => id === body.channel_id) ?? {};
  const phone = (body.to as { phone: string }[] | undefined)?.[0]?.phone ?? "";
  const open = state.mail.conversations.find(
    (one) => type === "sms" && one.phone === phone && one.status === "open",
  );
  if (open) return open;
  return add(
    state.mail.conversations,
    conversation({
      subject: "",
      preview: "",
      draft: true,
      folder: "draft",
      message_count: 0,
      assignee_id: 1,
      created_at: ago(0),
      last_message_at: ago(0),
      waiting_since: null,
      channel_id: Number(body.channel_id),
      channel_type: type,
      ...(type === "sms" ? { phone } : {}),
      contact: {
        id: person.id,
        name: person.name,
        email: person.emails[0] ?? "",
        phone: "",
        blocked: false,
      },
    }),
  );
}

function saveContact(call: Call): Contact {
  const { state, id, body } = call;
  const emails = (body.emails as string[] | undefined) ?? [];
  const errors = emails.flatMap((email, index) => {
    const holder = state.mail.contacts.find((one) => one.id !== id && one.emails.includes(email));
    const field = `emails[${index}]`;
    if (holder)
      return [
        { field, key: "contact.point_taken", detail: `This address belongs to ${holder.name}.` },
      ];
    if (email.includes("@")) return [];
    return [{ field, key: "address.invalid", detail: `“${email}” is not an email address.` }];
  });
  if (errors[0]) refuse(409, errors[0].key, errors[0].detail, { errors });
  if (id) return change(state.mail.contacts, call);
  return add(
    state.mail.contacts,
    contact({ emails: [], phones: [], ...(body as Partial<Contact>) }),
  );
}

const dot = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="120"><rect width="240" height="120" fill="#5b56e8"/></svg>`;

export const inboxHandlers: Record<string, Handler> = {
  ...letterHandlers,
  "GET /conversations": list,
  "POST /conversations": start,
  "GET /conversations/counts": ({ state }) => ({
    items: Object.entries(belongs).map(([view, test]) => ({
      view,
      count: state.mail.conversations.filter((one) => test(one, state.me.user.id, state.mail))
        .length,
      capped: false,
    })),
  }),
  "GET /conversations/:id": row,
  "PATCH /conversations/:id": (call) => change(call.state.mail.conversations, call),
  "DELETE /conversations/:id": (call) => {
    const { conversations } = call.state.mail;
    conversations.splice(conversations.indexOf(row(call)), 1);
  },
  "GET /conversations/:id/timeline": ({ state, id, query }) => {
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit") || 100);
    const all = [...(state.mail.timelines[id] ?? [])].reverse();
    return { items: all.slice(from, to), next_cursor: to < all.length ? String(to) : "" };
  },
  "POST /conversations/:id/notes": ({ state, id, body }) => {
    const html = String(body.html);
    const text = html.replace(/<[^>]+>/g, " ").trim();
    const at = ago(0);
    const mentions = [...html.matchAll(/data-mention="(\d+)"/g)].map((found) => Number(found[1]));
    return file(state, id, note({ id: state.mail.seq, author_id: 1, html, text, at, mentions }));
  },
  "GET /conversations/:id/draft": ({ state, id }) => ({ items: state.mail.drafts[id] ?? [] }),
  "PUT /conversations/:id/draft": saveDraft,
  "DELETE /conversations/:id/draft": ({ state, id, query }) => {
    const kept = state.mail.drafts[id]?.filter(({ mode }) => mode !== query.get("mode"));
    state.mail.drafts[id] = kept ?? [];
  },
  "POST /conversations/:id/read": (call) => {
    row(call).unread = false;
  },
  "POST /conversations/:id/unread": (call) => {
    row(call).unread = true;
  },
  "GET /conversations/:id/spam": (call) => {
    const { contact: who } = row(call);
    return {
      points: [{ kind: "email", value: who.email }],
      conversations: call.state.mail.conversations.filter((one) => one.contact.id === who.id)
        .length,
      contact: who.name,
    };
  },
  "POST /conversations/:id/spam": (call) => setSpam(call, true),
  "POST /conversations/:id/not-spam": (call) => setSpam(call, false),
  "GET /conversations/:id/related": (call) => {
    const { id, contact: who } = row(call);
    return {
      items: call.state.mail.conversations.filter(
        (one) => one.contact.id === who.id && one.id !== id,
      ),
    };
  },
  "GET /messages/:id/html": ({ state, id }) =>
    new Response(state.mail.html[id] ?? "", {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
      },
    }),
  "GET /messages/:id/raw": () =>
    new Response(original, { headers: { "Content-Type": "message/rfc822" } }),
  "POST /attachments": ({ state }) => {
    state.mail.seq += 1;
    return {
      id: state.mail.seq,
      filename: "photo.png",
      content_type: "image/png",
      size: 48_000,
      inline: false,
    };
  },
  "GET /attachments/:id/calendar": () => ({
    method: "REQUEST",
    summary: "Webhook retries: a look together",
    start: "2026-11-24T09:00:00Z",
    end: "2026-11-24T09:30:00Z",
    all_day: false,
    location: "Harbour 4, second floor",
    organizer: { name: "Noah Okafor", email: "noah.okafor@northwind.example" },
    attendees: [{ name: "", email: "support@harbour.example" }],
    description: "",
  }),
  "GET /attachments/:id": () => new Response(dot, { headers: { "Content-Type": "image/svg+xml" } }),
  "GET /contacts": ({ state, query }) => {
    const q = query.get("q")?.toLowerCase() ?? "";
    return page(
      state.mail.contacts.filter(({ name, company, emails }) =>
        `${name} ${company} ${emails}`.toLowerCase().includes(q),
      ),
    );
  },
  "POST /contacts": saveContact,
  "GET /contacts/:id": ({ state, id }) => find(state.mail.contacts, id),
  "PATCH /contacts/:id": saveContact,
};
