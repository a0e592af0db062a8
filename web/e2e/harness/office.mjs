// An account with its people, ready to receive mail; each journey has its own.
import { Customer } from "./mail.mjs";
import { password } from "./server.mjs";

/** Calls the API, by a token or by a session's cookie, and fails unless it succeeds. */
export async function ask(server, by, method, path, body) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(typeof by === "object" ? { Cookie: `${by.name}=${by.value}` } : {}),
      ...(typeof by === "string" && by ? { Authorization: `Bearer ${by}` } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status} ${text}`);
  return { headers: answer.headers, ...(text ? JSON.parse(text) : {}) };
}

let offices = 0;

export class Office {
  /** Makes the account by the command line, and an inbox with a channel by the API. */
  static async open({ server, relay }) {
    offices += 1;
    const office = new Office();
    Object.assign(office, { server, relay, domain: `harbour-${offices}.example` });
    office.cookies = new Map(); // by email
    office.owner = { name: "Olive Owner", email: `olive@${office.domain}`, password };
    await server.command(
      ...["account", "create", "--name", "Harbour Bikes", "--owner-name", office.owner.name],
      ...["--owner-email", office.owner.email],
    );
    office.token = await server.command(
      ...["token", "create", "--email", office.owner.email, "--name", "journey"],
    );
    await office.ask("PATCH", "/me", { preferences: { undo_seconds: 0 } });
    office.inbox = await office.ask("POST", "/inboxes", { name: "Support" });
    office.channel = await office.connect("support", office.inbox);
    return office;
  }

  ask(method, path, body) {
    return ask(this.server, this.token, method, path, body);
  }

  /** A channel at an address of the account's own domain. */
  connect(local, inbox) {
    const address = `${local}@${this.domain}`;
    return this.ask("POST", "/channels", {
      ...{ type: "email", name: local, inbox_id: inbox.id, address },
      from_name: "Harbour Bikes",
    });
  }

  customer(name, channel = this.channel) {
    const { server, relay } = this;
    return new Customer({ server, relay, channel, name });
  }

  /** A colleague who has accepted the invitation; sees all inboxes, or only those named. */
  async colleague(name, { role = "agent", inboxes } = {}) {
    const email = `${name.split(" ")[0].toLowerCase()}@${this.domain}`;
    const user = await this.ask("POST", "/users", {
      ...{ name, email, role, all_inboxes: !inboxes },
      inbox_ids: inboxes?.map(({ id }) => id) ?? [],
    });
    const { link } = await this.ask("POST", `/users/${user.id}/invite`);
    const token = new URL(link).searchParams.get("token");
    const joined = await ask(this.server, "", "POST", "/session/link", { token, password });
    const cookie = this.keep(email, joined);
    await ask(this.server, cookie, "PATCH", "/me", { preferences: { undo_seconds: 0 } });
    return { id: user.id, name, email, password };
  }

  /** The cookie of a person's session, as a browser keeps it; begun once, since hashing is slow. */
  async session(person) {
    return this.cookies.get(person.email) ?? this.keep(person.email, await this.signIn(person));
  }

  signIn({ email, password: secret }) {
    return ask(this.server, "", "POST", "/session", { email, password: secret });
  }

  keep(email, { headers }) {
    const [name, value] = headers.get("set-cookie").split(";")[0].split(/=(.*)/);
    const cookie = { name, value, url: this.server.url };
    this.cookies.set(email, cookie);
    return cookie;
  }

  conversations(query) {
    return this.ask("GET", `/conversations?${query}`).then(({ items }) => items);
  }

  timeline({ id }) {
    return this.ask("GET", `/conversations/${id}/timeline?limit=100`).then(({ items }) => items);
  }
}
