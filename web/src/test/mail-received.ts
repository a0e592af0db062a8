import type { Conversation, TimelineItem } from "@/api/types";
import { ago, event, message, outbound } from "./mail";

/** All that machines and strangers send: an invitation, an unproven sender, a bounce, an absence. */
export function receivedStory(row: Conversation): TimelineItem[] {
  const { name, email } = row.contact;
  const base = { conversation_id: row.id, subject: row.subject };
  const report = { address: email, reason: "mailbox_full", hard: false, report: 93 };
  return [
    message({
      ...base,
      id: 90,
      from: { name, email },
      at: ago(300),
      text: "Shall we look at the retries together? The invitation is below.",
      attachments: [
        {
          ...{ id: 95, filename: "invite.ics", content_type: "text/calendar" },
          ...{ size: 1_900, inline: false, kind: "calendar" },
        },
        {
          ...{ id: 96, filename: "smime.p7s", content_type: "application/pkcs7-signature" },
          ...{ size: 5_100, inline: false, kind: "signature" },
        },
      ],
    }),
    outbound({
      ...base,
      id: 91,
      at: ago(200),
      to: [{ name, email }],
      text: "Gladly, we will be there.",
      delivery: "bounced",
      delivery_error: "552 5.2.2 The mailbox is over its quota",
      recipients: [
        {
          ...{ kind: "to", name, address: email, delivery: "bounced", status: "5.2.2" },
          ...{ error: "552 5.2.2 The mailbox is over its quota", reason: "mailbox_full" },
        },
      ],
    }),
    message({ ...base, id: 93, is_bounce: true, at: ago(199), text: "552 5.2.2 over quota" }),
    event({ id: 900, at: ago(199), event: "message.bounced", message_id: 91, data: report }),
    message({ ...base, id: 94, auto_submitted: true, at: ago(120), text: "Back on Monday." }),
    event({ id: 901, at: ago(120), event: "message.auto_replied", message_id: 94, data: {} }),
    message({
      ...base,
      id: 97,
      from: { name, email: "accounts@pay-northwind.example" },
      at: ago(30),
      new_participant: true,
      text: "Please send the payment to our new account today.",
      auth: {
        ...{ spf: "fail", dkim: "none", dmarc: "fail", verified: "fail" },
        domain: "pay-northwind.example",
      },
    }),
  ];
}
