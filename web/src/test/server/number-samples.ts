import type { components } from "@/api/schema";
import type { Channel } from "@/api/types";
import { channel } from "../factories";

type Provider = components["schemas"]["TextProvider"];
type Field = components["schemas"]["TextField"];
type Numbers = components["schemas"]["ProviderNumber"][];

const plain: Omit<Field, "name"> = {
  ...{ secret: false, required: false, default: "", choices: [], lines: false },
};
const open = (name: string): Field => ({ ...plain, name });
const needed = (name: string, byDefault = ""): Field => ({
  ...{ ...plain, name, required: true, default: byDefault },
});
const secret = (name: string): Field => ({ ...plain, name, required: true, secret: true });
const usual = (name: string, byDefault: string): Field => ({ ...plain, name, default: byDefault });
const choice = (name: string, ...choices: string[]): Field => ({
  ...{ ...plain, name, choices, default: choices[0] ?? "" },
});

function provider(
  name: string,
  can: Partial<Pick<Provider, "images" | "lists" | "answers" | "session">>,
  ...fields: Field[]
): Provider {
  const none = { images: false, lists: false, answers: false, session: false };
  return { ...none, ...can, name, max_images: can.images ? 5 << 20 : 0, fields };
}

const all = { images: true, lists: true, answers: true };
const base = open("api_base");

/** Who carries texts: those of internal/parley/text.go. */
export const textProviders: readonly Provider[] = [
  provider(
    "twilio",
    all,
    ...[needed("account_sid"), secret("auth_token"), open("messaging_service_sid"), base],
  ),
  provider(
    "telnyx",
    all,
    ...[secret("api_key"), needed("public_key"), open("messaging_profile_id"), base],
  ),
  provider(
    "vonage",
    { lists: true },
    ...[needed("api_key"), secret("api_secret"), secret("signature_secret")],
    ...[choice("signature_method", "sha256", "sha512", "sha1", "md5", "md5hash"), base],
  ),
  provider(
    "messagebird",
    { images: true, lists: true },
    ...[secret("access_key"), secret("signing_key"), base],
  ),
  provider("plivo", all, needed("auth_id"), secret("auth_token"), base),
  provider(
    "http",
    {},
    ...[needed("url"), choice("method", "POST", "GET", "PUT")],
    choice("content_type", "application/json", "application/x-www-form-urlencoded"),
    { ...secret("headers"), required: false, lines: true },
    { ...open("body"), lines: true },
    ...[open("id_field"), secret("hook_secret"), usual("hook_from", "from")],
    ...[usual("hook_to", "to"), usual("hook_text", "text"), usual("hook_id", "id")],
    ...[usual("hook_status", "status"), usual("hook_delivered", "delivered")],
    usual("hook_failed", "failed"),
  ),
  provider(
    "smpp",
    { session: true },
    ...[needed("host"), needed("port", "2775"), choice("tls", "tls", "none")],
    ...[needed("system_id"), secret("password"), open("system_type")],
    ...[choice("bind", "transceiver", "pair"), choice("default_alphabet", "gsm", "latin1")],
  ),
];

export const accountNumbers: Numbers = [
  { number: "+14155550100", name: "Shop", sms: true, mms: true, taken: false },
  { number: "+14155550101", name: "(415) 555-0101", sms: true, mms: false, taken: false },
  { number: "+442079460123", name: "London desk", sms: false, mms: false, taken: false },
  { number: "+14155550199", name: "Repairs", sms: true, mms: true, taken: true },
];

export function number(fields: Partial<Channel> = {}): Channel {
  const at = fields.number ?? "+14155550199";
  return channel({
    ...{ id: 4, type: "sms", name: "Repairs by text", address: at, number: at },
    ...{ forward_address: "", from_name: "", reopen_days: -1, plus_tags: false },
    ...{ provider: "twilio", has_secrets: ["auth_token"], region: "US", rate: 1 },
    settings: { account_sid: `AC${"0".repeat(32)}` },
    ...{ price: "0.0079", currency: "USD", provider_answers: true },
    ...{ stop_text: "", start_text: "", help_text: "", quiet_from: "21:00", quiet_to: "08:00" },
    webhook_url: "https://parley.example/hooks/k7Qz3mWv4LbR8nHs1DfGpA",
    ...fields,
  });
}

const session = { way: "smpp", imap: null, webhook: null, last_at: null, backfill: null } as const;

/** Three numbers: one that works, one whose key is wrong, one that waits. */
export const numbers = (): Channel[] => [
  number(),
  number({
    ...{ id: 5, name: "Wholesale texts", number: "+442079460188", provider: "telnyx" },
    ...{ inbox_id: 3, settings: { public_key: "k" }, has_secrets: ["api_key"], region: "GB" },
    outgoing: {
      ...{ way: "default", smtp: null, state: "failed" },
      error:
        "Telnyx does not know us by these settings. Look at the keys again: each must be whole, and of the same account.",
    },
  }),
  number({
    ...{ id: 6, name: "Alerts", number: "24680", provider: "smpp", inbox_id: 2 },
    ...{ provider_answers: false, has_secrets: ["password"], last_inbound_at: null },
    settings: { host: "smpp.carrier.example", port: "2775", tls: "tls", system_id: "harbour" },
    incoming: { ...session, state: "connecting", error: "" },
  }),
];
