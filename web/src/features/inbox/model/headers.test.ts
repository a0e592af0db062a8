import { expect, test } from "vitest";
import { fieldsOf, headLimit, hopsOf, readHead, verdictsOf } from "./headers";

const head = [
  "Received: from mx.harbour.example (mx.harbour.example [192.0.2.7])",
  "\tby in.parley.example with ESMTP id 7; Sun, 22 Nov 2026 10:00:05 +0000 (UTC)",
  "Received: from desk (unknown) by mx.harbour.example; no date at all",
  "Authentication-Results: mx.harbour.example 1; spf=pass (ok; really)",
  ' smtp.mailfrom=ada@x.example; dkim=fail header.d=x.example header.s="s 1"; dmarc=none',
  "Authentication-Results: other.example; none",
  "Subject: Grüße",
  "no field at all",
].join("\r\n");

function stream(...chunks: (string | Uint8Array)[]) {
  let read = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[read];
        read += 1;
        if (chunk === undefined) return controller.close();
        controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, read: () => read };
}

test.each([
  ["at once", [`${head}\r\n\r\nbody`]],
  ["in pieces, cut within the empty line", [`${head}\r`, "\n\r", "\nbody"]],
  ["with bare line feeds", [`${head.replaceAll("\r", "")}\n\nbody`]],
  ["without a body", [head]],
])("a header is read %s", async (_, chunks) => {
  const found = await readHead(stream(...chunks).body);
  expect(found.text.replaceAll("\r", "")).toBe(head.replaceAll("\r", ""));
  expect(found.cut).toBe(false);
  expect(found.fields).toHaveLength(5);
});

test("nothing behind the header is read, and of an endless one no more than anybody reads", async () => {
  const long = stream("A: b\r\n\r\n", "x".repeat(10_000), "y");
  await readHead(long.body);
  expect(long.read()).toBe(1);
  const line = `X-Long: ${"x".repeat(64_000)}\r\n`;
  const endless = stream(...Array.from({ length: 20 }, () => line));
  const found = await readHead(endless.body);
  expect(found.cut).toBe(true);
  expect(found.text.length).toBeLessThanOrEqual(headLimit);
  expect(endless.read()).toBeLessThan(7);
});

test("what is not UTF-8 is read as old programs wrote it", async () => {
  const bytes = Uint8Array.from("Subject: Gr\u00fc\u00dfe\n\n", (sign) => sign.charCodeAt(0));
  expect((await readHead(stream(bytes).body)).text).toBe("Subject: Grüße");
});

test("the way is told from its beginning, without believing what is no date", () => {
  expect(hopsOf(fieldsOf(head))).toEqual([
    { from: "desk (unknown)", by: "mx.harbour.example", at: undefined },
    {
      from: "mx.harbour.example (mx.harbour.example [192.0.2.7])",
      by: "in.parley.example",
      at: new Date("2026-11-22T10:00:05Z"),
    },
  ]);
});

test("what was found out about the sender, by whom and about what", () => {
  expect(verdictsOf(fieldsOf(head))).toEqual([
    {
      ...{ by: "mx.harbour.example", method: "spf", result: "pass" },
      about: "smtp.mailfrom=ada@x.example",
    },
    {
      ...{ by: "mx.harbour.example", method: "dkim", result: "fail" },
      about: 'header.d=x.example header.s="s 1"',
    },
    { by: "mx.harbour.example", method: "dmarc", result: "none", about: "" },
  ]);
});
