import type { CannedMessage, Signature, SignatureLevel } from "@/api/types";
import { canned, signature } from "../factories";
import { ago } from "../mail";
import { add, type Call, find, type Handler, page, refuse, remove } from "./base";
import type { State } from "./state";

/** Canned messages, merge fields and signatures, pretended. */
const chip = /<span data-merge="([^"]*)"[^>]*>([^<]*)<\/span>/g;
const decoded = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&#34;", '"');

/** What a chip becomes for the conversation's contact; undefined where nothing is known. */
function filling({ state, id }: Call, expression: string): string | undefined {
  const [name = "", fallback] = decoded(expression).split("|");
  const field = name.trim();
  const known = state.mergeFields.find((one) => one.name === field);
  const row = state.mail.conversations.find((one) => one.id === id);
  const values: Record<string, string> = {
    "contact.name": row?.contact.name ?? "",
    "contact.first_name": row?.contact.name.split(" ")[0] ?? "",
    "contact.email": row?.contact.email ?? "",
    "user.name": state.me.user.name,
    "account.name": state.me.account.name,
    "conversation.number": String(row?.number ?? ""),
    "conversation.subject": row?.subject ?? "",
    "conversation.history": (state.mail.timelines[id] ?? [])
      .map((item) => (item.kind === "message" ? `${item.from.name}: ${item.visible_text}` : ""))
      .filter(Boolean)
      .join("\n"),
  };
  return values[field] || /["'](.*)["']/.exec(fallback ?? "")?.[1] || known?.default || undefined;
}

const nameIn = (expression: string) => (decoded(expression).split("|")[0] ?? "").trim();

export function expand(call: Call, html: string) {
  const unresolved = new Set<string>();
  const unknown = new Set<string>();
  const filled = html.replaceAll(chip, (_, expression: string) => {
    const name = nameIn(expression);
    if (!call.state.mergeFields.some((one) => one.name === name)) unknown.add(name);
    const value = filling(call, expression);
    if (value === undefined) unresolved.add(name);
    return value ?? "";
  });
  return { html: filled, unresolved: [...unresolved], unknown: [...unknown] };
}

const plain = (html: string) =>
  html
    .replace(/<\/p>/g, "\n")
    .replace(/<[^>]+>/g, "")
    .trim();

/** The most specific signature that applies to a letter in a conversation. */
export function signatureFor({ state, id }: Call): Signature | undefined {
  const row = state.mail.conversations.find((one) => one.id === id);
  const wanted: [SignatureLevel, number | undefined][] = [
    ["user", state.me.user.id],
    ["channel", row?.channel_id],
    ["inbox", row?.inbox_id],
    ["account", 0],
  ];
  for (const [level, owner] of wanted) {
    const found = state.signatures.find((one) => one.level === level && one.owner_id === owner);
    if (found) return found;
  }
  return undefined;
}

function check(call: Call, html: string): void {
  const [name] = expand(call, html).unknown;
  if (!name) return;
  const detail = `There is no merge field “${name}”.`;
  refuse(422, "merge.unknown", detail, {
    params: { name },
    errors: [{ field: "html", key: "merge.unknown", params: { name }, detail }],
  });
}

function saveCanned(call: Call): CannedMessage {
  const { state, id, body } = call;
  check(call, String(body.html ?? ""));
  const taken = state.canned.find(
    (one) => one.id !== id && one.shortcut && one.shortcut === body.shortcut,
  );
  if (taken) {
    const detail = `“${taken.name}” has this shortcut already.`;
    refuse(409, "canned.shortcut_taken", detail, {
      errors: [{ field: "shortcut", key: "canned.shortcut_taken", detail }],
    });
  }
  const { attachment_ids, ...fields } = body as Partial<CannedMessage> & {
    attachment_ids?: number[];
  };
  const old = id ? find(state.canned, id) : canned({ uses: 0, last_used_at: null, folder: "" });
  const html = fields.html ?? old.html;
  const kept = (attachment_ids ?? old.attachments.map((file) => file.id)).map(
    (file) =>
      old.attachments.find((one) => one.id === file) ?? {
        id: file,
        filename: "photo.png",
        content_type: "image/png",
        size: 48_000,
        inline: false,
        kind: "image" as const,
      },
  );
  const shared = fields.shared ?? old.shared;
  const owner_id = shared ? null : state.me.user.id;
  const changed = { ...fields, html, text: plain(html), shared, owner_id, attachments: kept };
  if (id) return Object.assign(old, changed, { updated_at: ago(0) });
  return add(state.canned, { ...old, shortcut: "", subject: "", ...changed });
}

function folders(state: State) {
  const names = [...new Set(state.canned.map(({ folder }) => folder).filter(Boolean))].sort();
  return names.map((name) => ({
    name,
    count: state.canned.filter(({ folder }) => folder === name).length,
  }));
}

export const contentHandlers: Record<string, Handler> = {
  "GET /canned-messages": ({ state, query }) => {
    const q = (query.get("q") ?? "").toLowerCase();
    const folder = query.get("folder");
    return page(
      state.canned
        .filter((one) => !folder || one.folder === folder)
        .filter((one) =>
          `${one.name} ${one.shortcut} ${one.subject} ${one.text}`.toLowerCase().includes(q),
        )
        .sort((a, b) => b.uses - a.uses),
    );
  },
  "POST /canned-messages": saveCanned,
  "GET /canned-messages/folders": ({ state }) => ({ items: folders(state) }),
  "GET /canned-messages/:id": ({ state, id }) => find(state.canned, id),
  "PATCH /canned-messages/:id": saveCanned,
  "DELETE /canned-messages/:id": ({ state, id }) => {
    const used = state.channels.find((one) => one.autoresponder_id === id);
    if (used) {
      refuse(409, "canned.in_use", `It is the autoresponder of “${used.name}”. Change that first.`);
    }
    remove(state.canned, id);
  },
  "POST /canned-messages/:id/use": ({ state, id }) => {
    const one = find(state.canned, id);
    one.uses += 1;
    const { html, subject, attachments } = one;
    const copies = attachments.map((file) => ({ ...file, id: file.id + 9000 }));
    return { html, subject, attachments: copies };
  },
  "GET /merge-fields": ({ state }) => ({ items: state.mergeFields }),
  "PUT /merge-fields/:name": ({ state, name, body }) => {
    const field = state.mergeFields.find((one) => one.name === name);
    if (!field) return refuse(404, "id.unknown", "There is nothing here.");
    return Object.assign(field, { default: String(body.default) });
  },
  "POST /conversations/:id/merge-preview": (call) => {
    const sign = call.body.signature ? signatureFor(call)?.html : "";
    const found = expand(call, `${call.body.html}${sign ?? ""}`);
    return { ...found, text: plain(found.html) };
  },
  "GET /signatures": ({ state }) => page(state.signatures),
  "PUT /signatures/:name/:id": (call) => {
    const { state, name, id, body } = call;
    check(call, String(body.html));
    const same = (one: Signature) => one.level === name && one.owner_id === id;
    const html = String(body.html);
    const saved = signature({
      level: name as SignatureLevel,
      owner_id: id,
      html,
      text: plain(html),
      updated_at: ago(0),
    });
    state.signatures = [...state.signatures.filter((one) => !same(one)), saved];
    return saved;
  },
  "DELETE /signatures/:name/:id": ({ state, name, id }) => {
    state.signatures = state.signatures.filter((one) => one.level !== name || one.owner_id !== id);
  },
  "GET /conversations/:id/signature": (call) => {
    const found = signatureFor(call);
    if (!found) return { level: "", html: "", text: "", unresolved: [] };
    const { html, unresolved } = expand(call, found.html);
    return { level: found.level, html, text: plain(html), unresolved };
  },
};
