import type { CannedMessage, MergeField } from "@/api/types";
import { canned, mergeField } from "../factories";

/** Canned messages and merge fields of the pretended server. */
export function someCanned(): CannedMessage[] {
  const plan = {
    id: 801,
    filename: "how-to-return.pdf",
    content_type: "application/pdf",
    size: 84_120,
    inline: false,
    kind: "file" as const,
  };
  return [
    canned(),
    canned({
      id: 2,
      name: "Refund confirmed",
      shortcut: "refund",
      folder: "Billing",
      uses: 28,
      html: "<p>We have refunded the full amount, it takes 3 to 5 days to arrive.</p>",
      text: "We have refunded the full amount, it takes 3 to 5 days to arrive.",
    }),
    canned({
      id: 3,
      name: "Ask for photos",
      shortcut: "photos",
      uses: 12,
      html: "<p>Could you send two photos of the damage, one close and one from afar?</p>",
      text: "Could you send two photos of the damage, one close and one from afar?",
    }),
    canned({
      id: 4,
      name: "How to return a bike",
      shortcut: "",
      folder: "Shipping",
      subject: "Returning your bike",
      uses: 3,
      attachments: [plan],
      html: "<p>The steps are in the file below.</p>",
      text: "The steps are in the file below.",
    }),
    canned({
      id: 5,
      name: "Thanks, closing",
      shortcut: "thx",
      folder: "",
      shared: false,
      owner_id: 1,
      uses: 0,
      last_used_at: null,
      html: "<p>Happy to hear it works. I will close this for now.</p>",
      text: "Happy to hear it works. I will close this for now.",
    }),
  ];
}

export function longCanned(long: string): CannedMessage[] {
  return Array.from({ length: 30 }, (_, index) =>
    canned({
      id: index + 1,
      name: `${long} ${index + 1}`,
      shortcut: `${"very-long-shortcut-".repeat(2)}${index}`,
      folder: long,
      subject: `${long}: ${long}`,
      html: `<p>${long}. </p>`.repeat(20),
      text: `${long}. `.repeat(20),
    }),
  );
}

export function allMergeFields(): MergeField[] {
  const samples = {
    contact: {
      name: "Hanna Lindqvist",
      first_name: "Hanna",
      last_name: "Lindqvist",
      email: "hanna@northwind.example",
      phone: "+31 20 794 0182",
      company: "Northwind Bikes",
      job_title: "Operations lead",
    },
    user: { name: "Anna Keller", first_name: "Anna", email: "anna@harbour.example" },
    conversation: {
      number: "1003",
      subject: "Delivery window for the Rotterdam depot",
      started_at: "20 November 2026",
      history: "Hanna Lindqvist, 22 November: Our driver was told …",
    },
    account: { name: "Harbour Support" },
    channel: { name: "Support email", address: "support@harbour.example" },
  } as const;
  return Object.entries(samples).flatMap(([group, fields]) =>
    Object.entries(fields).map(([name, sample]) =>
      mergeField({
        name: `${group}.${name}`,
        group: group as MergeField["group"],
        sample,
        default: `${group}.${name}` === "contact.first_name" ? "there" : "",
      }),
    ),
  );
}
