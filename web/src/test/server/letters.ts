import type { Message, TimelineItem, TimelineMessage } from "@/api/types";
import { ago, outbound } from "../mail";
import { type Call, find, type Handler, refuse } from "./base";
import { expand, signatureFor } from "./content";
import type { State } from "./state";

/** What is sent, and what becomes of it, pretended. */
export function file(state: State, id: number, item: TimelineItem): TimelineItem {
  state.mail.seq += 1;
  const filed = { ...item, seq: state.mail.seq } as TimelineItem;
  state.mail.timelines[id] = [...(state.mail.timelines[id] ?? []), filed];
  Object.assign(find(state.mail.conversations, id), { last_seq: state.mail.seq, draft: false });
  return filed;
}

/** Refuses what the real server would not send yet. */
function hold({ state, id, body }: Call, unresolved: readonly string[]): void {
  const current = find(state.mail.conversations, id);
  const seen = Number(body.seen_seq ?? current.last_seq);
  if (seen < current.last_seq && !body.force) {
    const newer = (state.mail.timelines[id] ?? []).filter(
      (item) => item.kind !== "event" && item.seq > seen,
    );
    refuse(409, "conversation.newer", "Something newer has arrived.", { newer });
  }
  if (unresolved.length > 0 && !body.merge_empty) {
    refuse(409, "merge.unresolved", "Nothing is known for a merge field.", { unresolved });
  }
}

function send(call: Call): TimelineItem {
  const { state, id, body } = call;
  const current = find(state.mail.conversations, id);
  const written = String(body.html ?? "");
  if (current.channel_type === "sms") return sendText(call);
  const filled = body.merge ? expand(call, written) : { html: written, unresolved: [] };
  hold(call, filled.unresolved);
  const signed = body.signature ? expand(call, signatureFor(call)?.html ?? "").html : "";
  const html = filled.html + signed;
  if (body.close) current.status = "closed";
  if (body.reopen) current.status = "open";
  state.mail.drafts[id] = [];
  const planned = body.send_at ? String(body.send_at) : null;
  return file(state, id, {
    ...outbound({
      id: state.mail.seq * 10,
      conversation_id: id,
      mode: body.kind === "forward" ? "forward" : "reply",
      subject: String(body.subject ?? ""),
      text: html.replace(/<[^>]+>/g, " ").trim(),
      html,
      to: body.to as { name: string; email: string }[],
      delivery: planned || body.undo_seconds ? "scheduled" : "queued",
      send_at: planned ?? (body.undo_seconds ? ago(-1) : null),
      at: ago(0),
    }),
  });
}

/** Only its words leave; whom it goes to, its conversation tells. */
function sendText(call: Call): TimelineItem {
  const { state, id, body } = call;
  const current = find(state.mail.conversations, id);
  const { contact } = current;
  const known = find(state.mail.contacts, contact.id).phone_states;
  if (known.some(({ number, opted_out_at: at }) => at && number === current.phone)) {
    refuse(409, "contact.opted_out", "This number has opted out of texts.");
  }
  const written = String(body.html ?? "");
  const filled = body.merge ? expand(call, written) : { html: written, unresolved: [] };
  hold(call, filled.unresolved);
  if (body.close) current.status = "closed";
  state.mail.drafts[id] = [];
  const text = String(body.text ?? filled.html.replace(/<[^>]+>/g, ""));
  const sent = outbound({
    id: state.mail.seq * 10,
    conversation_id: id,
    subject: "",
    text,
    to: [{ name: contact.name, email: "", phone: current.phone ?? "" }],
    delivery: body.send_at || body.undo_seconds ? "scheduled" : "queued",
    send_at: body.send_at ? String(body.send_at) : body.undo_seconds ? ago(-1) : null,
    raw_size: 0,
    segments: 1,
    at: ago(0),
  });
  return file(state, id, sent);
}

function messageOf({ state, id }: Pick<Call, "state" | "id">): TimelineMessage {
  return find(
    Object.values(state.mail.timelines)
      .flat()
      .filter((item) => item.kind === "message"),
    id,
  );
}

/** It goes from the timeline and is a draft again, above what was begun meanwhile. */
function takeBack({ state, id }: Call): Message {
  const message = messageOf({ state, id });
  const conversation = message.conversation_id;
  const items = state.mail.timelines[conversation] ?? [];
  state.mail.timelines[conversation] = items.filter((item) => item !== message);
  const begun = state.mail.drafts[conversation]?.find(({ mode }) => mode === "reply");
  const { html, subject, to, cc, bcc } = message;
  const content = begun
    ? { ...begun.content, html: `${html}${begun.content.html}` }
    : { mode: "reply", html, subject, to, cc, bcc, files: [] };
  const version = (begun?.version ?? 0) + 1;
  state.mail.drafts[conversation] = [{ mode: "reply", content, version, updated_at: ago(0) }];
  return { ...message, delivery: "cancelled" };
}

/** Moves a message on, and the count of those that did not leave with it. */
function settle(call: Call, fields: Partial<Message>): Message {
  const message = messageOf(call);
  const row = find(call.state.mail.conversations, message.conversation_id);
  const recipients = message.recipients.map((one) => ({
    ...one,
    delivery: fields.delivery ?? one.delivery,
    error: "",
  }));
  Object.assign(message, { recipients, delivery_error: "" }, fields);
  row.failed_count = 0;
  return message;
}

export const letterHandlers: Record<string, Handler> = {
  "POST /conversations/:id/messages": send,
  "GET /messages/:id": messageOf,
  "PATCH /messages/:id": (call) =>
    Object.assign(messageOf(call), { send_at: String(call.body.send_at) }),
  "POST /messages/:id/cancel": takeBack,
  "POST /messages/:id/retry": (call) => settle(call, { delivery: "queued", attempt: 2 }),
  "POST /messages/:id/confirm": (call) => settle(call, { delivery: "sent" }),
};
