// A provider of telephone numbers with the phones at their other end, as far as
// Twilio's wire format goes that the product uses: the numbers of an account, texts
// to phones, what became of them, pictures both ways, and signed calls for texts
// that phones write.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { until } from "./until.mjs";

export const account = { sid: `AC${"0".repeat(32)}`, token: "a token of the carrier's" };

/** Twilio's signature of a form that is posted to an address. */
function signature(address, form) {
  const signed = [...form].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
  return createHmac("sha1", account.token)
    .update(address + signed.join(""))
    .digest("base64");
}

/** Posts a form as the provider does. */
async function call(address, form) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-Twilio-Signature": signature(address, form) },
    body: new URLSearchParams(form),
  });
  if (!answer.ok) throw new Error(`a call is answered with ${answer.status}`);
  await answer.text();
}

async function picture(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  return { type: answer.headers.get("Content-Type"), body };
}

export async function startCarrier(...numbers) {
  const texts = []; // what has reached phones
  const pictures = []; // that phones have sent
  const faults = []; // of calls that nobody waits for
  let taken = 0;
  let written = 0;
  const server = createServer(async (asked, answer) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
    const sent = pictures[asked.url.match(/\/Media\/(\d+)$/)?.[1]];
    if (sent) {
      answer.writeHead(200, { "Content-Type": sent.type }).end(sent.body);
      return;
    }
    const [status, body] = reply(asked, Buffer.concat(chunks).toString());
    answer.writeHead(status, { "Content-Type": "application/json" });
    answer.end(JSON.stringify(body));
  });

  function reply({ method, url, headers }, body) {
    const who = Buffer.from(`${account.sid}:${account.token}`).toString("base64");
    if (headers.authorization !== `Basic ${who}`) {
      return [401, { code: 20003, message: "Authenticate", status: 401 }];
    }
    const [path] = url.replace(`/2010-04-01/Accounts/${account.sid}`, "").split("?");
    switch (`${method} ${path}`) {
      case "GET .json":
        return [200, { sid: account.sid, status: "active" }];
      case "GET /IncomingPhoneNumbers.json":
        return [200, { incoming_phone_numbers: numbers.map(listed), next_page_uri: null }];
      case "POST /Messages.json":
        return take(new URLSearchParams(body));
      default:
        return [404, { code: 20404, message: "Not found", status: 404 }];
    }
  }

  function take(form) {
    if (form.get("To").endsWith("1610")) {
      const message = "Attempt to send to unsubscribed recipient";
      return [400, { code: 21610, message, status: 400 }];
    }
    taken += 1;
    const sid = `SM${String(taken).padStart(32, "0")}`;
    deliver(sid, form).catch((error) => faults.push(error));
    return [201, { sid, status: "queued" }];
  }

  async function deliver(sid, form) {
    const [from, to] = [form.get("From"), form.get("To")];
    const media = await Promise.all(form.getAll("MediaUrl").map(picture));
    texts.push({ from, to, text: form.get("Body") ?? "", media });
    const callback = form.get("StatusCallback");
    for (const state of callback ? ["sent", "delivered"] : []) {
      await call(callback, [
        ["MessageSid", sid],
        ["MessageStatus", state],
        ["AccountSid", account.sid],
        ["From", from],
        ["To", to],
      ]);
    }
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    /** A phone writes to a number, for which an address is called. */
    async write(address, from, to, text, ...media) {
      written += 1;
      const sid = `SM${String(written).padStart(32, "f")}`;
      const files = media.flatMap((file, index) => {
        const at = `/2010-04-01/Accounts/${account.sid}/Messages/${sid}/Media/`;
        return [
          [`MediaUrl${index}`, `${url}${at}${pictures.push(file) - 1}`],
          [`MediaContentType${index}`, file.type],
        ];
      });
      await call(address, [
        ["MessageSid", sid],
        ["AccountSid", account.sid],
        ["From", from],
        ["To", to],
        ["Body", text],
        ["NumMedia", String(media.length)],
        ...files,
      ]);
    },
    /** The next text on a phone, which nobody has taken yet. */
    next: (phone) =>
      until(`another text on ${phone}`, async () => {
        if (faults.length > 0) throw faults[0];
        const at = texts.findIndex(({ to }) => to === phone);
        return at < 0 ? undefined : texts.splice(at, 1)[0];
      }),
    /** What a phone shows, once it shows something. */
    shown: (phone) => until(`a text on ${phone}`, async () => texts.find(({ to }) => to === phone)),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function listed({ number, name, mms = false }) {
  return {
    phone_number: number,
    friendly_name: name,
    capabilities: { voice: true, sms: true, mms },
  };
}
