import type {
  BlocklistEntry,
  CannedMessage,
  Channel,
  Consent,
  Inbox,
  IntakeDay,
  IntakeEntry,
  IntakeFigures,
  Me,
  MergeField,
  SampleInfo,
  SessionInfo,
  Signature,
  Token,
  User,
} from "@/api/types";
import {
  blocked,
  channel,
  inbox,
  intakeEntry,
  me,
  session,
  signature,
  token,
  user,
} from "../factories";
import { type Mail, noMail } from "../mail";
import { harbourMail, longMail } from "../mail-samples";
import { optOut, texting, troubled } from "../text-samples";
import { allMergeFields, longCanned, someCanned } from "./content-samples";
import { numbers } from "./number-samples";
import type { Scenario } from "./scenario";
import { type WayTests, wayTests } from "./way-samples";

/** What the pretended server holds. */
export interface State {
  setupNeeded: boolean;
  signedIn: boolean;
  me: Me;
  users: User[];
  inboxes: Inbox[];
  channels: Channel[];
  tokens: Token[];
  sessions: SessionInfo[];
  sample: SampleInfo;
  blocklist: BlocklistEntry[];
  canned: CannedMessage[];
  mergeFields: MergeField[];
  signatures: Signature[];
  wayTests: WayTests;
  figures: IntakeFigures;
  failed: IntakeEntry[];
  days: IntakeDay[];
  mail: Mail;
  /** What was said about texts, the newest first. */
  consents: Consent[];
  /** Paths that answer 500, by how they begin. */
  broken: string[];
}

const long =
  "Wilhelmina-Alexandra van der Bruggenhoven-Kowalczyk of the international returns desk";

const makers: Record<Scenario, () => State> = {
  full,
  empty: () => ({
    ...full(),
    me: me({ relay_configured: false }),
    users: [user()],
    inboxes: [],
    channels: [],
    blocklist: [],
    canned: [],
    signatures: [],
    tokens: [],
    sessions: [session()],
    figures: { accepted: 0, filed: 0, failed: 0, pending: 0 },
    failed: [],
    days: [],
    mail: noMail(),
  }),
  sample: () => {
    const state = full();
    setSample(state, true);
    return state;
  },
  numbers: () => {
    const state = full();
    return { ...state, channels: [...state.channels.slice(0, 1), ...numbers()] };
  },
  texts: () => texting(full(), troubled),
  "opted-out": () => texting(full(), optOut),
  long: () => ({
    ...full(),
    me: me({ user: { ...user({ name: long }), preferences: {} } }),
    users: [user({ name: long, email: `${"very.long.address.".repeat(4)}@harbour.example` })],
    inboxes: [inbox({ name: long, assignee_rule: "user", default_assignee_id: 1 })],
    channels: [channel({ name: long, address: `${"a.very.long.address.".repeat(4)}@x.example` })],
    tokens: [token({ name: long })],
    blocklist: Array.from({ length: 12 }, (_, index) =>
      blocked({
        id: 20 - index,
        value: `${"a.very.long.address.".repeat(4)}${index}@x.example`,
        contact: { id: 5, name: long },
        why: `${long}. `.repeat(2),
      }),
    ),
    canned: longCanned(long),
    signatures: [signature({ html: `<p>${long}</p>`.repeat(12), text: `${long}\n`.repeat(12) })],
    failed: [intakeEntry({ error: `${long}: `.repeat(3), mail_from: `${long}@x.example` })],
    mail: longMail(),
  }),
  broken: () => ({
    ...full(),
    broken: [
      "/api/v1/users",
      "/api/v1/inboxes",
      "/api/v1/channels",
      "/api/v1/tokens",
      "/api/v1/intake",
      "/api/v1/blocklist",
      "/api/v1/session/li",
      "/api/v1/conversations",
      "/api/v1/canned",
      "/api/v1/merge",
      "/api/v1/signatures",
    ],
  }),
  setup: () => ({ ...makers.empty(), users: [], setupNeeded: true, signedIn: false }),
  outside: () => ({ ...full(), signedIn: false }),
};

const noSample: SampleInfo = {
  present: false,
  conversations: 0,
  contacts: 0,
  user_ids: [],
  inbox_ids: [],
  channel_ids: [],
};

/** What the pretended server's sample data is made of; of its rows only the figures are there. */
export const someSample: SampleInfo = {
  present: true,
  conversations: 25,
  contacts: 24,
  user_ids: [2, 3, 4, 5],
  inbox_ids: [1, 2, 3],
  channel_ids: [1, 2, 3],
};

export function setSample(state: State, there: boolean): void {
  state.sample = there ? someSample : noSample;
  state.me = { ...state.me, account: { ...state.me.account, sample_data: there } };
  // Their addresses are invented: no mail to them arrives here.
  state.channels = state.channels.map((one) =>
    state.sample.channel_ids.includes(one.id) ? { ...one, plus_tags: false } : one,
  );
}

export function makeState(scenario: Scenario): State {
  return makers[scenario]();
}

/** Sixteen days of three channels, the newest first. */
function someDays(): IntakeDay[] {
  return Array.from({ length: 16 }, (_, back) => {
    const day = new Date(Date.UTC(2026, 10, 22 - back)).toISOString().slice(0, 10);
    const ids = back % 3 === 1 ? [1] : [1, 2, 3];
    const channels = ids.map((channel_id) => {
      const accepted = 40 + ((back * 37 + channel_id * 211) % 1900);
      const failed = back < 2 && channel_id === 1 ? 1 : 0;
      const pending = back === 0 && channel_id < 3 ? channel_id : 0;
      return { channel_id, accepted, filed: accepted - failed - pending, failed, pending };
    });
    const sum = (part: "accepted" | "filed" | "failed" | "pending") =>
      channels.reduce((total, channel) => total + channel[part], 0);
    return {
      day,
      accepted: sum("accepted"),
      filed: sum("filed"),
      failed: sum("failed"),
      pending: sum("pending"),
      channels,
    };
  });
}

function full(): State {
  return {
    setupNeeded: false,
    signedIn: true,
    me: me(),
    users: [
      user(),
      user({ id: 2, name: "Lea Fournier", email: "lea@harbour.example", role: "admin" }),
      user({
        id: 3,
        name: "Marcus Webb",
        email: "marcus@harbour.example",
        role: "agent",
        all_inboxes: false,
        inbox_ids: [1],
        last_seen_at: "2026-11-20T15:12:00Z",
      }),
      user({
        id: 4,
        name: "Sana Iqbal",
        email: "sana@harbour.example",
        role: "agent",
        invited: true,
        last_seen_at: null,
      }),
      user({
        id: 5,
        name: "Diego Ponce",
        email: "diego@harbour.example",
        role: "light_agent",
        disabled: true,
      }),
    ],
    inboxes: [
      inbox({ member_ids: [3] }),
      inbox({
        id: 2,
        name: "Billing",
        color: "green",
        assignee_rule: "user",
        default_assignee_id: 2,
      }),
      inbox({ id: 3, name: "Wholesale", color: "orange", assignee_rule: "nobody" }),
    ],
    channels: [
      channel(),
      channel({
        id: 2,
        name: "Billing email",
        address: "billing@harbour.example",
        inbox_id: 2,
        last_inbound_at: null,
      }),
      channel({
        id: 3,
        name: "Old shop",
        address: "shop@harbour.example",
        inbox_id: 3,
        disabled: true,
      }),
    ],
    tokens: [token(), token({ id: 2, name: "CRM sync", hint: "parley_…9c01", last_used_at: null })],
    sessions: [
      session(),
      session({
        id: 2,
        current: false,
        remote_addr: "198.51.100.23",
        last_seen_at: "2026-11-21T18:04:00Z",
        user_agent:
          "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
      }),
    ],
    sample: noSample,
    blocklist: [
      blocked({ id: 3, kind: "domain", value: "lottery.example", why: "Only ever spam" }),
      blocked({ id: 2, kind: "phone", value: "+447700900123", by_id: 2 }),
      blocked(),
    ],
    canned: someCanned(),
    wayTests: wayTests(),
    mergeFields: allMergeFields(),
    signatures: [signature()],
    figures: { accepted: 18_422, filed: 18_417, failed: 2, pending: 3 },
    failed: [
      intakeEntry(),
      intakeEntry({
        id: 502,
        mail_from: "",
        size: 6_291_456,
        tries: 1,
        error: "The parser ran out of time on part 3.2.",
        received_at: "2026-11-22T08:02:00Z",
      }),
    ],
    days: someDays(),
    mail: harbourMail(),
    consents: [],
    broken: [],
  };
}
