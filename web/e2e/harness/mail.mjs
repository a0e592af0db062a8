// The world of mail around the product: the relay that takes what it sends, and
// customers who write to it over SMTP.
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { until } from "./until.mjs";

/** A mail server that keeps what it takes, for whoever it is to. */
export async function startRelay() {
  const boxes = new Map(); // by address: the mails that nobody has taken yet
  const refused = new Map(); // by address: the reply
  const silent = new Set(); // addresses whose mail is taken, and the connection broken then
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onRcptTo({ address }, _, done) {
      const [code, text] = refused.get(address) ?? [];
      done(code ? Object.assign(new Error(text), { responseCode: code }) : null);
    },
    onData(stream, { envelope, id }, done) {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", () => {
        const mail = readMail(Buffer.concat(chunks).toString("latin1"));
        for (const { address } of envelope.rcptTo) {
          boxes.set(address, [...(boxes.get(address) ?? []), mail]);
        }
        if (envelope.rcptTo.some(({ address }) => silent.has(address))) breakOff(server, id);
        else done();
      });
    },
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.server.address().port,
    refuse: (address, code, text) => refused.set(address, [code, text]),
    accept: (address) => refused.delete(address),
    /** Takes mails to an address, and breaks the connection before it says so. */
    takeInSilence: (address) => silent.add(address),
    /** How many mails to an address nobody has taken yet. */
    waiting: (address) => boxes.get(address)?.length ?? 0,
    /** The next mail to an address. */
    next: (address) => until(`a mail to ${address}`, () => boxes.get(address)?.shift()),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Ends a session without another word. */
function breakOff(server, id) {
  for (const connection of server.connections)
    if (connection.id === id) connection._socket.destroy();
}

/** A mail's fields, texts and files, as far as the journeys look at them. */
export function readMail(raw) {
  const { field, parts } = readPart(raw);
  const leaves = flatten(parts);
  const text = (type) => leaves.find((part) => part.type === type)?.body.toString("utf8") ?? "";
  return {
    raw,
    field,
    text: text("text/plain"),
    html: text("text/html"),
    files: leaves.filter((part) => part.filename).map(({ filename, body }) => ({ filename, body })),
  };
}

const flatten = (parts) =>
  parts.flatMap((part) => (part.parts.length > 1 ? flatten(part.parts) : [part]));

function readPart(raw) {
  const end = raw.indexOf("\r\n\r\n");
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/g, " ");
  const field = (name) =>
    head
      .split("\r\n")
      .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      ?.slice(name.length + 1)
      .trim() ?? "";
  const content = raw.slice(end + 4);
  const type = field("Content-Type") || "text/plain";
  const boundary = type.match(/boundary="?([^";]+)"?/)?.[1];
  const part = {
    field,
    type: type.split(";")[0].trim().toLowerCase(),
    filename: fileName(`${field("Content-Disposition")};${type}`),
    body: decode(content, field("Content-Transfer-Encoding").toLowerCase()),
  };
  if (!boundary) return Object.assign(part, { parts: [part] });
  const inner = content
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((one) => readPart(one.replace(/^\r\n/, "").replace(/\r\n$/, "")));
  return Object.assign(part, { parts: inner.flatMap((one) => one.parts) });
}

/** The file's name, plain or as RFC 2231 writes it. */
function fileName(fields) {
  const [, plain] = fields.match(/name="([^"]+)"/) ?? fields.match(/name=([^";\s]+)/) ?? [];
  const [, extended] = fields.match(/name(?:\*0)?\*=utf-8''([^;\s]+)/i) ?? [];
  return extended ? decodeURIComponent(extended) : plain;
}

function decode(content, encoding) {
  if (encoding === "base64") return Buffer.from(content, "base64");
  if (encoding !== "quoted-printable") return Buffer.from(content, "latin1");
  const plain = content
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, "latin1");
}

let customers = 0;

/** Somebody with a mailbox, who writes to one channel's address; it forwards its mail to us. */
export class Customer {
  constructor({ server, relay, channel, name }) {
    customers += 1;
    Object.assign(this, { relay, channel, name });
    this.address = `${name.split(" ")[0].toLowerCase()}.${customers}@customer.example`;
    this.transport = createTransport({ host: "127.0.0.1", port: server.smtpPort, ignoreTLS: true });
  }

  /** Sends a mail, forwarded or directly; resolves once the server has said 250. */
  async write({ direct = false, ...mail }) {
    const to = mail.to ?? this.channel.address;
    const forwarded = { from: this.address, to: this.channel.forward_address };
    const sent = await this.transport.sendMail({
      from: { name: this.name, address: this.address },
      to,
      ...(direct ? {} : { envelope: forwarded }),
      ...mail,
    });
    return { id: sent.messageId, acceptedAt: performance.now() };
  }

  /** The next mail that the product sent to this customer. */
  receive() {
    return this.relay.next(this.address);
  }

  /** Answers a mail as a mail program does; without its thread fields if told so. */
  answer(mail, { threaded = true, to = mail.field("Reply-To"), subject, text, ...more }) {
    const quoted = mail.text.trimEnd().replace(/^/gm, "> ");
    return this.write({
      to: to || mail.field("From"),
      subject: subject ?? mail.field("Subject"),
      text: `${text}\n\nOn Tuesday, Harbour Bikes wrote:\n${quoted}\n`,
      ...(threaded
        ? {
            inReplyTo: mail.field("Message-ID"),
            references: `${mail.field("References")} ${mail.field("Message-ID")}`.trim(),
          }
        : {}),
      ...more,
    });
  }
}
