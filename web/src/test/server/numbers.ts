import type { components } from "@/api/schema";
import type { Channel } from "@/api/types";
import { add, type Call, find, type Handler, page, refuse } from "./base";
import { accountNumbers, number, textProviders } from "./number-samples";

type Schemas = components["schemas"];
type Fault = NonNullable<Schemas["Problem"]["errors"]>[number];

const fault = (field: string, key: string, detail: string): Fault => ({ field, key, detail });

const signIn = fault(
  "settings",
  "provider.sign_in",
  "Twilio does not know us by these settings. Look at the keys again: each must be whole, and of the same account.",
);

function refuseAll(faults: Fault[]): void {
  const [first] = faults;
  if (first) refuse(422, first.key, first.detail, { errors: faults });
}

/** What the real server says of the provider's fields, of the number and of the quiet hours. */
function faultsOf({ body }: Call, has: readonly string[]): Fault[] {
  const settings = (body.settings ?? {}) as Record<string, string>;
  const provider = textProviders.find(({ name }) => name === body.provider);
  const missing = (provider?.fields ?? [])
    .filter((field) => field.required && !field.default && !has.includes(field.name))
    .filter(({ name }) => !settings[name])
    .map(({ name }) =>
      fault(
        `settings.${name}`,
        "text.field_missing",
        "Enter this: you find it in your account with the provider.",
      ),
    );
  const hours = Boolean(body.quiet_from) === Boolean(body.quiet_to);
  const empty = body.quiet_from ? "quiet_to" : "quiet_from";
  return hours
    ? missing
    : [...missing, fault(empty, "text.quiet", "Enter a time such as 21:00, both or neither.")];
}

/** What of a change is kept: secrets only by their names. */
function kept(body: Record<string, unknown>, before?: Channel): Partial<Channel> {
  const { settings = {}, ...rest } = body as Partial<Channel>;
  const provider = textProviders.find(({ name }) => name === rest.provider);
  const secrets = provider?.fields.filter(({ secret }) => secret).map(({ name }) => name) ?? [];
  const given = Object.keys(settings).filter((name) => secrets.includes(name));
  return {
    ...rest,
    settings: Object.fromEntries(
      Object.entries(settings).filter(([name, value]) => value && !secrets.includes(name)),
    ),
    has_secrets: [...new Set([...(before?.has_secrets ?? []), ...given])],
  };
}

export function createNumber(call: Call): Channel {
  const { state, body } = call;
  const faults = faultsOf(call, []);
  const typed = String(body.number ?? "").replace(/[ ()-]/g, "");
  if (!/^(\+\d{7,15}|\d{3,8})$/.test(typed)) {
    faults.push(fault("number", "phone.invalid", "Enter a number with its country."));
  }
  refuseAll(faults);
  if (state.channels.some(({ address }) => address === typed)) {
    const detail = "This number is in use by a channel already.";
    const taken = fault("number", "channel.number_taken", detail);
    refuse(409, taken.key, detail, { errors: [taken] });
  }
  return add(
    state.channels,
    number({ ...kept(body), number: typed, address: typed, last_inbound_at: null }),
  );
}

export function changeNumber(call: Call): Channel {
  const channel = find(call.state.channels, call.id);
  refuseAll(faultsOf(call, channel.has_secrets ?? []));
  return Object.assign(channel, kept(call.body, channel));
}

/** Numbers and their providers; every provider knows the secret "token" alone. */
export const numberHandlers: Record<string, Handler> = {
  "GET /channels/providers": () => page([...textProviders]),
  "POST /channels/numbers": (call) => {
    const { settings = {} } = call.body as Schemas["NumbersBody"];
    refuseAll(faultsOf(call, []));
    if (!Object.values(settings).includes("token")) {
      refuse(403, signIn.key, signIn.detail, { errors: [signIn] });
    }
    return page(accountNumbers);
  },
  "POST /channels/:id/test-text": ({ body }) => {
    const to = String(body.to).replace(/[ ()-]/g, "");
    if (!/^\+\d{7,15}$/.test(to)) {
      const detail = "Enter a number with its country, such as +14155550123.";
      refuse(422, "phone.invalid", detail, { errors: [fault("to", "phone.invalid", detail)] });
    }
    if (!to.endsWith("0123")) return { ok: true, key: "", field: "", error: "" };
    const error = "The recipient has opted out by writing STOP.";
    return { ok: false, key: "way.relay", field: "", error };
  },
};
