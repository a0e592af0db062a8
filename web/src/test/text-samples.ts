import type { Attachment, Consent, Conversation, TimelineItem } from "@/api/types";
import { channel } from "./factories";
import { ago, contact, conversation, event, message, outbound, phoneState } from "./mail";
import type { State } from "./server/state";

export const ada = "+14155550123";
export const ours = "+14155550100";

/** The conversation by text that withTexts adds. */
export const textId = 60;
const person = 60;

const them = { name: "Ada Moreno", email: "", phone: ada };
const us = { name: "Texts", email: "", phone: ours };

export function consent(fields: Partial<Consent> = {}): Consent {
  return {
    id: 1,
    contact_id: person,
    phone: ada,
    state: "opted_out",
    how: "keyword",
    user_id: null,
    channel_id: 20,
    message_id: 601,
    evidence: "STOP",
    at: ago(30),
    ...fields,
  };
}

/** What carriers did with a text of ours. */
export function text(fields: Parameters<typeof outbound>[0] = {}) {
  const { delivery_error: error = "" } = fields;
  const delivery = fields.delivery ?? "sent";
  const recipient = { kind: "to" as const, name: them.name, address: ada, delivery, error };
  return outbound({
    conversation_id: textId,
    from: us,
    to: [them],
    subject: "",
    raw_size: 0,
    segments: 1,
    recipients: [{ ...recipient, status: "", reason: "" }],
    ...fields,
  });
}

export function inText(fields: Parameters<typeof message>[0] = {}) {
  return message({
    conversation_id: textId,
    contact_id: person,
    from: them,
    to: [us],
    subject: "",
    raw_size: 0,
    segments: 1,
    ...fields,
  });
}

export function picture(fields: Partial<Attachment> = {}): Attachment {
  return {
    id: 610,
    filename: "bike.jpg",
    content_type: "image/jpeg",
    size: 310_000,
    inline: false,
    kind: "image",
    ...fields,
  };
}

function story(): TimelineItem[] {
  return [
    inText({
      id: 601,
      at: ago(80),
      seq: 4,
      text: "Hi! Is my bike ready?",
      attachments: [picture()],
    }),
    text({ id: 602, at: ago(70), seq: 5, text: "Yes, come by until six.", delivery: "delivered" }),
    text({ id: 603, at: ago(60), seq: 6, text: "We open at nine tomorrow.", delivery: "sent" }),
    inText({ id: 604, at: ago(20), seq: 7, text: "Great, thank you!" }),
  ];
}

/** A number as a channel, and somebody who texts it. */
export function withTexts(state: State, fields: Partial<Conversation> = {}): void {
  state.channels.push(
    channel({
      id: 20,
      type: "sms",
      name: "Texts",
      address: ours,
      number: ours,
      forward_address: "",
      provider: "twilio",
      price: "0.0079",
      currency: "USD",
      limits: {
        ...{ segments: 10, characters: 1600, pictures: 10, picture_bytes: 5_000_000 },
        picture_types: ["image/jpeg", "image/png", "image/gif"],
      },
    }),
  );
  state.mail.contacts.push(
    contact({ id: person, name: them.name, emails: ["ada@moreno.example"], phones: [ada] }),
  );
  state.mail.conversations.push(
    conversation({
      id: textId,
      subject: "",
      preview: "Great, thank you!",
      channel_id: 20,
      channel_type: "sms",
      assignee_id: 1,
      phone: ada,
      contact: { id: person, name: them.name, email: "", phone: ada, blocked: false },
      last_message_at: ago(20),
      last_seq: 7,
      message_count: 4,
      ...fields,
    }),
  );
  state.mail.timelines[textId] = story();
}

/** The same number, after it has said STOP. */
export function optOut(state: State): void {
  const one = state.mail.contacts.find(({ id }) => id === person);
  if (one) one.phone_states = [phoneState(ada, { opted_out_at: ago(30) })];
  state.consents.unshift(consent());
  state.mail.timelines[textId]?.push(
    inText({ id: 605, at: ago(30), seq: 8, text: "STOP" }),
    event({
      id: 905,
      at: ago(30),
      event: "contact.opted_out",
      actor_id: null,
      data: { consent_id: 1, phone: ada, how: "keyword" },
    }),
  );
}

/** What can become of texts: one that was refused, files that could not be had, wishes in plain words. */
export function troubled(state: State): void {
  const recipient = { kind: "to" as const, name: them.name, address: ada, delivery: "bounced" };
  const address = "https://api.twilio.example/media/ME1";
  const gone = { size: 0, source_url: address, fault: "too_large" } as const;
  const one = state.mail.contacts.at(-1);
  const lost = { unreachable_at: ago(50), unreachable_reason: "unreachable" };
  if (one) one.phone_states = [phoneState(ada, lost)];
  const row = state.mail.conversations.at(-1);
  const quiet = { from: "21:00", to: "08:00", local_now: "2026-11-22T23:12:00-08:00" };
  const until = "2026-11-23T16:00:00Z";
  Object.assign(row ?? {}, { quiet: { ...quiet, active: true, until } });
  state.mail.timelines[textId]?.push(
    text({
      id: 606,
      at: ago(16),
      seq: 8,
      text: "Shall we bring it to you on Friday?",
      delivery: "bounced",
      recipients: [
        {
          ...{ ...recipient, status: "30003", reason: "unreachable" },
          error: "30003: Unreachable destination handset",
        },
      ],
    }),
    inText({
      id: 607,
      at: ago(12),
      seq: 9,
      text: "",
      attachments: [picture({ id: 611, filename: "ride.mp4", content_type: "video/mp4", ...gone })],
    }),
    inText({
      id: 608,
      at: ago(9),
      seq: 10,
      text: "please stop texting me so much",
      sounds_like_opt_out: true,
    }),
  );
}

/** A state with the conversation by text in it, and what became of that. */
export function texting(state: State, then: (state: State) => void): State {
  withTexts(state);
  then(state);
  return state;
}
