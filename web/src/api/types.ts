import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Account = Schemas["Account"];
export type User = Schemas["User"];
export type Role = User["role"];
export type Inbox = Schemas["Inbox"];
export type AssigneeRule = Inbox["assignee_rule"];
export type Channel = Schemas["Channel"];
export type LinkInfo = Schemas["LinkInfo"];
export type Token = Schemas["Token"];
export type NewToken = Schemas["NewToken"];
export type SampleInfo = Schemas["SampleData"];
export type SessionInfo = Schemas["Session"];
export type IntakeFigures = Schemas["IntakeTotals"];
export type BlocklistEntry = Schemas["BlocklistEntry"];
export type IntakeDay = Schemas["IntakeDay"];
export type IntakeEntry = Schemas["IntakeEntry"];
/** One committed change, as ids: see realtime.ts. */
export type LiveEvent = Schemas["Publication"];
export type Conversation = Schemas["Conversation"];
export type Contact = Schemas["Contact"];
export type PhoneState = Schemas["PhoneState"];
export type Consent = Schemas["Consent"];
export type Blocked = Schemas["Blocked"];
export type Message = Omit<Schemas["Message"], "delivery"> & { delivery: Delivery | null };
export type TimelineMessage = Message & { kind: "message" };
export interface TimelineNote {
  kind: "note";
  id: number;
  at: string;
  seq: number;
  author_id: number | null;
  text: string;
  html: string;
  edited_at: string | null;
  /** Who is called by name in it. */
  mentions: number[];
}
export interface TimelineEvent {
  kind: "event";
  /** The event's number. */
  id: number;
  at: string;
  event: string;
  actor_id: number | null;
  message_id: number | null;
  data: Readonly<Record<string, unknown>>;
}
/** The three things a timeline is made of; kind tells which. */
export type TimelineItem = TimelineMessage | TimelineNote | TimelineEvent;
export type Attachment = Schemas["Attachment"];
/** A message's outbound life; of several recipients the worst. */
export type Delivery =
  | "draft"
  | "scheduled"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "failed"
  | "bounced"
  | "uncertain"
  | "cancelled";
export type Person = Schemas["Person"];
/** What a sender had not seen when a send was held. */
export type NewerItem = TimelineMessage | TimelineNote;
export type Draft = Schemas["Draft"];
export type CannedMessage = Schemas["CannedMessage"];
export type MergeField = Schemas["MergeField"];
export type Signature = Schemas["Signature"];
export type SignatureLevel = Signature["level"];
