import type { Attachment, Message, TimelineItem } from "@/api/types";

/** What a forward carries along below the text. */
export interface ForwardChoice {
  /** null: the newest message. */
  message_ids: number[] | null;
  /** All of the conversation's messages. */
  history: boolean;
  /** null: all files of what is carried. */
  attachment_ids: number[] | null;
}

/** A choice as a draft kept it. */
export function forwardOf(stored: unknown): ForwardChoice {
  const kept = (stored ?? {}) as Record<string, unknown>;
  const ids = (value: unknown) =>
    Array.isArray(value) ? value.filter((id) => typeof id === "number") : null;
  return {
    message_ids: ids(kept.message_ids),
    history: kept.history === true,
    attachment_ids: ids(kept.attachment_ids),
  };
}

/** The messages that can be carried, oldest first: what waits to leave is none yet. */
export function carriable(items: readonly TimelineItem[]): Message[] {
  return items.filter(
    (item): item is Extract<TimelineItem, { kind: "message" }> =>
      item.kind === "message" && item.delivery !== "scheduled" && item.delivery !== "cancelled",
  );
}

/** One message with its files: that which was asked for, or the newest. */
export function carrying(items: readonly TimelineItem[], about?: number): ForwardChoice {
  const all = carriable(items);
  const one = all.find((message) => message.id === about) ?? all.at(-1);
  return { message_ids: one ? [one.id] : null, history: false, attachment_ids: null };
}

/** What a choice carries, of the messages that are known here. */
export function carried(items: readonly TimelineItem[], choice: ForwardChoice | undefined) {
  const all = carriable(items);
  const ids = choice?.message_ids;
  const messages = choice?.history
    ? all
    : ids
      ? all.filter((message) => ids.includes(message.id))
      : all.slice(-1);
  const offered = filesOf(messages);
  const wanted = choice?.attachment_ids;
  return {
    messages,
    offered,
    files: wanted ? offered.filter(({ id }) => wanted.includes(id)) : offered,
  };
}

function filesOf(messages: readonly Message[]): Attachment[] {
  return messages.flatMap(({ attachments }) => attachments.filter((file) => !file.inline));
}
