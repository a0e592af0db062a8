// A provider of telephone numbers with the phones at their other end, as far as
// Twilio's wire format goes that the product uses: the numbers of an account, texts
// to phones, and signed calls for texts that phones write.
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

export async function startCarrier(...numbers) {
  const texts = []; // what has reached phones
  let written = 0;
  const server = createServer(async (asked, answer) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
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
        return take(Object.fromEntries(new URLSearchParams(body)));
      default:
        return [404, { code: 20404, message: "Not found", status: 404 }];
    }
  }

  function take({ From: from, To: to, Body: text }) {
    if (to.endsWith("1610")) {
      const message = "Attempt to send to unsubscribed recipient";
      return [400, { code: 21610, message, status: 400 }];
    }
    texts.push({ from, to, text });
    return [201, { sid: `SM${String(texts.length).padStart(32, "0")}`, status: "queued" }];
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** A phone writes to a number, for which an address is called. */
    async write(address, from, to, text) {
      written += 1;
      const sid = `SM${String(written).padStart(32, "f")}`;
      const form = [
        ...[
          ["MessageSid", sid],
          ["AccountSid", account.sid],
          ["From", from],
          ["To", to],
        ],
        ...[
          ["Body", text],
          ["NumMedia", "0"],
        ],
      ];
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-Twilio-Signature": signature(address, form) },
        body: new URLSearchParams(form),
      });
      if (!answer.ok) throw new Error(`the call for a text is answered with ${answer.status}`);
    },
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
