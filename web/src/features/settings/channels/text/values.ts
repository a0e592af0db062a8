import type { UseFormReturn } from "react-hook-form";
import { showProblem } from "@/api/form";
import type { ApiProblem } from "@/api/problem";
import type { Channel } from "@/api/types";
import type { ChannelChange, ChannelInput } from "../../model/channels";
import type { TextProvider } from "../../model/texts";
import type { RouteValues } from "../InboxChoice";

export const reopenings = ["always", "within", "never"] as const;
export type Reopening = (typeof reopenings)[number];

/** What stands in the form of a number. */
export interface TextValues extends RouteValues {
  provider: string;
  /** Of each provider, so that looking at another one loses nothing. */
  settings: Record<string, Record<string, string>>;
  number: string;
  region: string;
  rate: string;
  price: string;
  currency: string;
  reopen: Reopening;
  days: string;
  provider_answers: boolean;
  stop_text: string;
  start_text: string;
  help_text: string;
  quiet_from: string;
  quiet_to: string;
  disabled: boolean;
}

export type TextForm = UseFormReturn<TextValues>;

/** How long an answer to a closed conversation may take, where somebody sets a limit first. */
const usualDays = "30";

export function newValues(region: string): TextValues {
  return {
    ...{ name: "", provider: "", settings: {}, number: "", region },
    ...{ inbox_id: null, new_inbox: null },
    ...{ rate: "", price: "", currency: "", reopen: "always", days: usualDays },
    ...{ provider_answers: false, stop_text: "", start_text: "", help_text: "" },
    ...{ quiet_from: "", quiet_to: "", disabled: false },
  };
}

export function valuesOf(channel: Channel): TextValues {
  const { provider = "", settings = {}, reopen_days: days, rate = 0 } = channel;
  return {
    name: channel.name,
    provider,
    settings: { [provider]: settings },
    number: channel.number ?? channel.address,
    inbox_id: channel.inbox_id,
    new_inbox: null,
    region: channel.region ?? "",
    rate: rate > 0 ? String(rate) : "",
    price: channel.price ?? "",
    currency: channel.currency ?? "",
    reopen: days < 0 ? "always" : days > 0 ? "within" : "never",
    days: days > 0 ? String(days) : usualDays,
    provider_answers: channel.provider_answers ?? false,
    stop_text: channel.stop_text ?? "",
    start_text: channel.start_text ?? "",
    help_text: channel.help_text ?? "",
    quiet_from: channel.quiet_from ?? "",
    quiet_to: channel.quiet_to ?? "",
    disabled: channel.disabled,
  };
}

/** The provider's fields as they are sent: a secret that is not typed stays as it is. */
export function settingsOf(values: TextValues, provider: TextProvider): Record<string, string> {
  const typed = values.settings[provider.name] ?? {};
  return Object.fromEntries(
    provider.fields.flatMap(({ name, secret }) => {
      const value = typed[name] ?? "";
      return secret && value === "" ? [] : [[name, value]];
    }),
  );
}

function shared(values: TextValues, provider: TextProvider) {
  const { name, region, currency, provider_answers, quiet_from, quiet_to } = values;
  const { stop_text, start_text, help_text } = values;
  return {
    ...{ name, provider: provider.name, settings: settingsOf(values, provider) },
    ...{ region, rate: Number(values.rate), price: values.price.trim().replace(",", ".") },
    ...{ currency, provider_answers, stop_text, start_text, help_text, quiet_from, quiet_to },
    reopen_days: { always: -1, within: Number(values.days), never: 0 }[values.reopen],
  };
}

export function creation(
  values: TextValues,
  provider: TextProvider,
  route: Pick<ChannelInput, "inbox_id" | "new_inbox">,
): ChannelInput {
  return { type: "sms", number: values.number, ...route, ...shared(values, provider) };
}

export function changeOf(
  values: TextValues,
  provider: TextProvider,
  channel: Pick<Channel, "id" | "inbox_id">,
): ChannelChange {
  const { inbox_id, disabled } = values;
  return {
    ...{ id: channel.id, inbox_id: inbox_id ?? channel.inbox_id, disabled },
    ...shared(values, provider),
  };
}

/** Whether the secrets that are saved would go to the server that they were saved for. */
export function sameServer(
  { provider, settings }: Pick<TextValues, "provider" | "settings">,
  channel: Channel | undefined,
): boolean {
  if (!channel || channel.provider !== provider) return false;
  const typed = settings[provider] ?? {};
  return ["api_base", "url", "host", "port"].every(
    (name) => (typed[name] ?? "").trim() === (channel.settings?.[name] ?? ""),
  );
}

/** Says beside each field what is wrong with it; what is about all of the credentials, above them. */
export function showFault(form: TextForm, problem: Pick<ApiProblem, "fields" | "message">): void {
  const { settings: credentials, ...fields } = problem.fields;
  const provider = form.getValues("provider");
  if (credentials) {
    form.setError("root.settings", { message: credentials });
    const [first] = Object.keys(form.getValues("settings")[provider] ?? {});
    if (first) form.setFocus(`settings.${provider}.${first}`); // they may be out of view
    if (Object.keys(fields).length === 0) return;
  }
  showProblem(form, { fields, message: problem.message }, (field) =>
    field === "reopen_days" ? "days" : field.replace(/^settings\./, `settings.${provider}.`),
  );
}
