import type { MailServer } from "../model/ways";

/** What the fields of a mail server hold, one value each. */
export interface ServerValues {
  host: string;
  port: number;
  tls: MailServer["tls"];
  username: string;
  auth: MailServer["auth"];
  provider: "google" | "microsoft" | "custom";
  client_id: string;
  token_url: string;
  password: string;
  client_secret: string;
  refresh_token: string;
}

export type Protocol = "imap" | "smtp";

/** Mail services whose servers are known by name: RFC 8314 asks for TLS from the start. */
export const services = {
  gmail: { imap: ["imap.gmail.com", 993, "tls"], smtp: ["smtp.gmail.com", 465, "tls"] },
  microsoft: {
    imap: ["outlook.office365.com", 993, "tls"],
    smtp: ["smtp.office365.com", 587, "starttls"],
  },
  icloud: {
    imap: ["imap.mail.me.com", 993, "tls"],
    smtp: ["smtp.mail.me.com", 587, "starttls"],
  },
  fastmail: { imap: ["imap.fastmail.com", 993, "tls"], smtp: ["smtp.fastmail.com", 465, "tls"] },
} as const;

export type Service = keyof typeof services | "other";

/** Which of them a host belongs to. */
export function serviceOf(host: string, protocol: Protocol): Service {
  const names = Object.keys(services) as (keyof typeof services)[];
  return names.find((name) => services[name][protocol][0] === host.trim().toLowerCase()) ?? "other";
}

const usual = { imap: 993, smtp: 465 };

export function serverValues(
  server: MailServer | null | undefined,
  protocol: Protocol,
  address: string,
): ServerValues {
  return {
    host: server?.host ?? "",
    port: server?.port ?? usual[protocol],
    tls: server?.tls ?? "tls",
    username: server?.username ?? address,
    auth: server?.auth ?? "password",
    provider: server?.oauth?.provider ?? "google",
    client_id: server?.oauth?.client_id ?? "",
    token_url: server?.oauth?.token_url ?? "",
    ...{ password: "", client_secret: "", refresh_token: "" },
  };
}

export function serverOf(values: ServerValues): MailServer {
  const { host, port, tls, username, auth, provider, client_id, token_url } = values;
  const server = { host, port, tls, username, auth };
  if (auth === "password") return server;
  const custom = provider === "custom" ? { token_url } : {};
  return { ...server, oauth: { provider, client_id, ...custom } };
}

/** What is typed to sign in; what is left empty stays as it was. */
export function secretOf(values: ServerValues) {
  const { auth, password, client_secret, refresh_token } = values;
  if (auth === "password") return password ? { password } : {};
  return {
    ...(client_secret ? { client_secret } : {}),
    ...(refresh_token ? { refresh_token } : {}),
  };
}

/** The form's own name of a field of the request: "imap.oauth.client_id" is client_id. */
export function fieldName(field: string): string {
  const last = field.slice(field.lastIndexOf(".") + 1);
  return field.startsWith("webhook.") && last === "provider" ? "bringer" : last;
}
