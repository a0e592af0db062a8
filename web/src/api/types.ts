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
export type SessionInfo = Schemas["Session"];
export type IntakeFigures = Schemas["IntakeTotals"];
export type IntakeEntry = Schemas["IntakeEntry"];
/** One committed change, as ids: see realtime.ts. */
export type LiveEvent = Schemas["Publication"];
