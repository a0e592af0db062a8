import type { Conversation, TimelineItem } from "@/api/types";
import {
  ago,
  contact,
  conversation,
  event,
  type Mail,
  message,
  noMail,
  note,
  outbound,
} from "./mail";
import { receivedStory } from "./mail-received";

const people = [
  "Lucas Novak",
  "Amara Farouk",
  "Hanna Lindqvist",
  "Freya Mehta",
  "Grace Mensah",
  "Kwame Novak",
  "Elif Silva",
  "Mei Silva",
  "Noah Okafor",
  "Marta Marino",
  "Jonas Khan",
  "Ada Ferreira",
] as const;

const subjects = [
  "Webhook retries stopped after the update",
  "Feedback on the new booking page",
  "Delivery window for the Rotterdam depot",
  "Can we move our renewal to the annual plan?",
  "Question about bulk pricing for 400 seats",
  "Invoice INV-2291 shows the wrong VAT number",
  "Refund for the duplicate charge on 3 June",
  "Photos from Saturday’s install",
] as const;

const lines = [
  "We would like to switch before the next billing date if that is possible.",
  "I can see two identical charges on my statement, could you look into it?",
  "Our driver was told the slot is 06:00 to 08:00, but the depot opens at 09:00.",
  "Hi, thanks for the quick reply. I have attached the photos you asked for.",
  "Perfect, that solved it. One more thing: is there a discount for schools?",
] as const;

const at = <Item>(items: readonly Item[], index: number): Item =>
  items[index % items.length] as Item;

/** A working day's mail: forty conversations, the third of them worth opening. */
export function harbourMail(): Mail {
  const mail = noMail();
  mail.contacts = people.map((name, index) =>
    contact({
      id: index + 1,
      name,
      company: "Northwind Bikes",
      job_title: "Operations lead",
      emails: [`${name.toLowerCase().replace(" ", ".")}@northwind.example`],
      phones: ["+31 20 794 0182"],
    }),
  );
  mail.contacts.push(
    contact({ id: 40, name: "Ravi Desai", emails: [], phones: ["+44 20 7946 0321"] }),
    contact({
      id: 41,
      name: "Prize Office",
      emails: ["win@prizes.example"],
      blocked: { at: ago(5000), by_id: 2, why: "Sends the same offer every week" },
    }),
    contact({
      id: 42,
      name: "Ingrid Solberg",
      company: "Fjord Outdoor",
      emails: ["ingrid@fjord.example", "i.solberg@home.example"],
    }),
  );
  for (let index = 0; index < 40; index++) {
    const row = sample(index);
    mail.conversations.push(row);
    mail.timelines[row.id] = short(row);
  }
  const third = mail.conversations[2] as Conversation;
  Object.assign(third, { message_count: 3, assignee_id: 1, unread: true, last_seq: 14 });
  mail.timelines[third.id] = story(third);
  mail.html[32] = richMail;
  const ninth = mail.conversations[8] as Conversation;
  mail.timelines[ninth.id] = receivedStory(ninth);
  waiting(mail);
  return mail;
}

/** A draft, a message that leaves tomorrow, and one that nobody knows of whether it arrived. */
function waiting(mail: Mail): void {
  const [, second, , fourth, , , seventh] = mail.conversations;
  if (!second || !fourth || !seventh) return;
  const to = [{ name: second.contact.name, email: second.contact.email }];
  mail.drafts[second.id] = [
    {
      mode: "reply",
      content: { mode: "reply", html: "<p>Thank you, we look into both charges.</p>", to },
      version: 1,
      updated_at: ago(4),
    },
  ];
  const late = outbound({
    id: 402,
    conversation_id: fourth.id,
    text: "Happy to: the annual plan begins with your next invoice.",
    delivery: "scheduled",
    send_at: new Date(Date.now() + 20 * 3_600_000).toISOString(),
    at: ago(3),
  });
  mail.timelines[fourth.id]?.push(late);
  const broken = outbound({
    id: 702,
    conversation_id: seventh.id,
    text: "The refund is on its way.",
    delivery: "uncertain",
    at: ago(3),
  });
  Object.assign(seventh, { failed_count: 1 });
  mail.timelines[seventh.id]?.push(broken);
}

function sample(index: number): Conversation {
  const name = at(people, index);
  const minutes = 21 + index * index * 3;
  const failed = index === 5;
  return conversation({
    id: index + 1,
    subject: at(subjects, index),
    preview: at(lines, index),
    inbox_id: 1 + (index % 3),
    assignee_id: [2, 1, null, 3][index % 4] ?? null,
    unread: index % 4 === 1,
    message_count: 1 + (index % 5),
    failed_count: failed ? 1 : 0,
    has_attachment: index % 6 === 0,
    last_message_at: ago(minutes),
    last_inbound_at: ago(minutes),
    waiting_since: index % 3 === 0 ? ago(minutes) : null,
    contact: {
      id: 1 + (index % people.length),
      name,
      email: `${name.toLowerCase().replace(" ", ".")}@northwind.example`,
      phone: "",
      blocked: false,
    },
  });
}

function short(row: Conversation): TimelineItem[] {
  const from = { name: row.contact.name, email: row.contact.email };
  const first = message({
    id: row.id * 10,
    conversation_id: row.id,
    from,
    subject: row.subject,
    text: `Hello,\n\n${row.preview}\n\nBest,\n${row.contact.name.split(" ")[0]}`,
    at: row.last_message_at ?? row.created_at,
  });
  if (row.failed_count === 0) return [first];
  const text = "Thank you, we will correct the invoice today.";
  return [
    first,
    outbound({
      id: row.id * 10 + 1,
      conversation_id: row.id,
      to: [from],
      text,
      delivery: "failed",
      delivery_error: "550 5.1.1 The email account that you tried to reach does not exist.",
      at: ago(20),
    }),
  ];
}

function story(row: Conversation): TimelineItem[] {
  const from = { name: row.contact.name, email: row.contact.email };
  const base = { conversation_id: row.id, subject: row.subject };
  return [
    message({
      ...base,
      id: 30,
      from,
      at: ago(1700),
      seq: 8,
      text: "Hello,\n\nOur driver was told the slot is 06:00 to 08:00, but the depot opens at 09:00. Could you move it?\n\nBest,\nHanna\n\nOn 20 Nov, Harbour Support wrote:\n> Your delivery is planned.",
      visible_text:
        "Hello,\n\nOur driver was told the slot is 06:00 to 08:00, but the depot opens at 09:00. Could you move it?\n\nBest,\nHanna",
      quote_at: 124,
      attachments: [
        {
          id: 7,
          filename: "frame-left.jpg",
          content_type: "image/jpeg",
          size: 1_812_000,
          inline: false,
          kind: "image",
        },
        {
          id: 8,
          filename: "delivery-note.pdf",
          content_type: "application/pdf",
          size: 214_000,
          inline: false,
          kind: "file",
        },
      ],
    }),
    event({ id: 9, at: ago(1690) }),
    outbound({
      ...base,
      id: 31,
      at: ago(1600),
      seq: 10,
      to: [from],
      text: "Hi Hanna,\n\nThank you for the details. I have checked with the workshop and we can deliver on Friday.\n\nKind regards,\nAnna",
      delivery: "delivered",
    }),
    note({
      id: 3,
      at: ago(900),
      seq: 12,
      html: '<p><span data-mention="1">@Anna Keller</span> <strong>third case</strong> from this batch. I opened a quality report, link it when you close.</p>',
      mentions: [1],
    }),
    message({
      ...base,
      id: 32,
      from,
      at: ago(39),
      seq: 14,
      cc: [{ name: "Depot office", email: "depot@northwind.example" }],
      has_html: true,
      remote_images: true,
      text: "That is great news, thank you. Would it be possible to deliver before Friday noon?",
    }),
  ];
}

const richMail = `<!doctype html><meta charset="utf-8"><title>Mail</title><style>body{display:flow-root;margin:0;font:15px/1.5 Georgia,serif;color:#17171d}table{border-collapse:collapse;margin:12px 0}td{border:1px solid #ccc;padding:6px 12px;font:14px sans-serif}</style>
<p>Hi Anna,</p><p>That is great news, thank you. One last question: would it be possible to deliver before <b>Friday noon</b>? We have an event on Saturday.</p>
<table><tr><td>Order<td>48213<tr><td>Ship to<td>Northwind Bikes, Dock 4</table><p>Hanna</p>`;

/** Names, subjects and addresses that try every corner of the layout. */
export function longMail(): Mail {
  const mail = harbourMail();
  const name =
    "Wilhelmina-Alexandra van der Bruggenhoven-Kowalczyk of the international returns desk";
  const email = `${"very.long.address.".repeat(4)}@northwind.example`;
  const subject = `${"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft ".repeat(2)}and more`;
  for (const row of mail.conversations) {
    Object.assign(row, { subject, preview: subject, contact: { ...row.contact, name, email } });
    mail.timelines[row.id] = (mail.timelines[row.id] ?? []).map((item) =>
      item.kind === "message"
        ? {
            ...item,
            from: { name, email },
            cc: Array(12).fill({ name, email }),
            text: `${subject} `.repeat(6),
            visible_text: `${subject} `.repeat(6),
          }
        : item,
    );
  }
  for (const one of mail.contacts) {
    Object.assign(one, { name, company: name, job_title: name, about: subject, emails: [email] });
  }
  return mail;
}
