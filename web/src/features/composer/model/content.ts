import type { Attachment, Conversation, Message, Person, TimelineItem } from "@/api/types";
import { carrying, type ForwardChoice, forwardOf } from "./forward";
import { type AnswerMode, hasLeft, isAnswerMode } from "./mode";
import { isOwn, key } from "./people";
import { wordsOf } from "./words";

/** What is being written; kept on the server as the draft's content. */
export interface Content {
  mode: AnswerMode;
  html: string;
  subject: string;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  /** Everything uploaded, also the images that stand within the text: those are inline. */
  files: Attachment[];
  /** Whether the signature goes below; undefined: as the channel says. */
  signature?: boolean | undefined;
  /** What a forward carries along. */
  forward?: ForwardChoice | undefined;
  /** The message that is answered, where one was chosen; else what the contact wrote last. */
  answers_id?: number | undefined;
}

export const blank: Content = {
  mode: "reply",
  html: "",
  subject: "",
  to: [],
  cc: [],
  bcc: [],
  files: [],
};

/** A draft as it was kept, whatever another version of the app put into it. */
export function contentOf(stored: unknown): Content | null {
  if (typeof stored !== "object" || stored === null) return null;
  const kept = stored as Record<string, unknown>;
  const list = <Item>(value: unknown): Item[] => (Array.isArray(value) ? (value as Item[]) : []);
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    mode: isAnswerMode(kept.mode) ? kept.mode : "reply",
    html: text(kept.html),
    subject: text(kept.subject),
    to: list(kept.to),
    cc: list(kept.cc),
    bcc: list(kept.bcc),
    files: list(kept.files),
    ...(typeof kept.signature === "boolean" ? { signature: kept.signature } : {}),
    ...(kept.forward ? { forward: forwardOf(kept.forward) } : {}),
    ...(typeof kept.answers_id === "number" ? { answers_id: kept.answers_id } : {}),
  };
}

/** Whether nothing would be lost with it. Recipients are soon chosen again. */
export function isBlank(content: Pick<Content, "html" | "files">): boolean {
  return wordsOf(content.html) === "" && !content.html.includes("<img") && !listed(content).length;
}

/** Whether it is worth keeping: whom a forward goes to is what it is for. */
export function isBegun(content: Content): boolean {
  const { mode, to, cc } = content;
  return !isBlank(content) || (mode === "forward" && to.length + cc.length > 0);
}

/** The files that stand below the text. */
export function listed({ files }: Pick<Content, "files">): Attachment[] {
  return files.filter((file) => !file.inline);
}

/** The files that go with the message: an image that was taken out of the text again does not. */
export function sentFiles({ html, files }: Pick<Content, "html" | "files">): number[] {
  return files
    .filter((file) => !file.inline || html.includes(`${imageAddress(file.id)}"`))
    .map((file) => file.id);
}

/** Where an image within the text comes from until it is sent. */
export function imageAddress(id: number): string {
  return `/api/v1/attachments/${id}?inline=1`;
}

interface Facts {
  conversation: Conversation;
  items: readonly TimelineItem[];
  /** Our own addresses; we do not answer ourselves. */
  own: readonly string[];
  /** The message that is answered or forwarded, where one was chosen; else the newest. */
  about?: number | undefined;
}

/** Who an answer goes to, and its subject, before anything is changed by hand. */
export function begin(mode: AnswerMode, { conversation, items, own, about }: Facts): Content {
  const chosen = answerable(items).find((message) => message.id === about);
  const subject = chosen?.subject || conversation.subject;
  const named = chosen ? { answers_id: chosen.id } : {};
  if (mode === "forward") {
    const forward = carrying(items, about);
    const bare = subject.replace(/^(\s*(re|fwd?)\s*:)+\s*/i, "");
    return { ...blank, ...named, mode, subject: prefixed("Fwd:", bare), forward };
  }
  const answered = chosen ?? lastInbound(items);
  const to = answerTo(answered, conversation, own);
  const first = !items.some((item) => item.kind === "message");
  const re = first ? subject : prefixed("Re:", subject);
  const begun = { ...blank, ...named, mode, to, subject: re };
  if (mode === "reply" || !answered) return begun;
  const taken = new Set(to.map(key));
  const others = (list: readonly Person[]) =>
    list.filter(
      (person) => !isOwn(person, own) && !taken.has(key(person)) && taken.add(key(person)),
    );
  return { ...begun, to: [...to, ...others(answered.to)], cc: others(answered.cc) };
}

/** What others may have: only that can be answered. */
export function answerable(items: readonly TimelineItem[]): Message[] {
  return items.filter((item) => item.kind === "message").filter(hasLeft);
}

/** The message that is answered: not a machine's, nor one of somebody new unless there is no other. */
export function lastInbound(items: readonly TimelineItem[]): Message | undefined {
  const inbound = items.filter(
    (item) => item.kind === "message" && item.direction === "inbound" && !item.is_bounce,
  ) as Message[];
  return (
    inbound.findLast((message) => !message.auto_submitted && !message.new_participant) ??
    inbound.findLast((message) => !message.auto_submitted) ??
    inbound.at(-1)
  );
}

function answerTo(
  answered: Message | undefined,
  conversation: Conversation,
  own: readonly string[],
): Person[] {
  // Who answers a message of ours goes on writing to those that it went to.
  if (answered?.direction === "outbound" && answered.to.length > 0) return answered.to;
  const wanted = answered?.reply_to.filter((person) => !isOwn(person, own)) ?? [];
  if (wanted.length > 0) return wanted;
  if (answered?.from.email && !isOwn(answered.from, own)) return [{ ...answered.from }];
  const { name, email } = conversation.contact;
  return email ? [{ name, email }] : [];
}

/** Who joined the conversation by themselves and is not written to yet; the sender is asked. */
export function newcomers(items: readonly TimelineItem[], content: Content): Person[] {
  const known = new Set([...content.to, ...content.cc, ...content.bcc].map(key));
  const found: Person[] = [];
  for (const item of items) {
    if (item.kind !== "message" || !item.new_participant || known.has(key(item.from))) continue;
    known.add(key(item.from));
    found.push(item.from);
  }
  return found;
}

function prefixed(prefix: string, subject: string): string {
  if (subject === "") return "";
  return subject.toLowerCase().startsWith(prefix.toLowerCase()) ? subject : `${prefix} ${subject}`;
}

/** A message that did not leave, to be written anew. What a forward carries along is added again when it is sent. */
export function rewritten(message: Message, items: readonly TimelineItem[]): Content {
  const forward = message.mode === "forward";
  const answered = answerable(items).find(
    ({ internet_id: id }) => id !== "" && id === message.in_reply_to,
  );
  return {
    mode: forward ? "forward" : "reply",
    html: (!forward && message.html) || paragraphs(message.visible_text),
    subject: message.subject,
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    files: forward ? [] : message.attachments,
    // Its HTML ends with the signature that it was sent with.
    ...(!forward && message.html ? { signature: false } : {}),
    ...(answered ? { answers_id: answered.id } : {}),
  };
}

/** Plain text as the editor takes it. */
export function paragraphs(text: string): string {
  const escaped = (part: string) =>
    part.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? sign);
  return text
    .trim()
    .split(/\n{2,}/)
    .map((part) => `<p>${escaped(part).replace(/\n/g, "<br>")}</p>`)
    .join("");
}
