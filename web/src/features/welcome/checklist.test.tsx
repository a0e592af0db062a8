import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "@/test/app";
import { channel } from "@/test/factories";

const smtp = { way: "smtp", smtp: null, state: "ok", error: "" } as const;

async function sending(channels: ReturnType<typeof channel>[]) {
  renderApp("/inbox", "empty", (state) => {
    state.channels = channels;
  });
  return screen.findByRole("link", { name: /^Let Parley send mail/ });
}

test("mail can be sent where every email channel has a mail server of its own", async () => {
  const item = await sending([channel({ outgoing: smtp })]);
  expect(item.textContent).toMatch(/Done$/);
});

test("without a relay the channel that can't send is where to go on", async () => {
  const item = await sending([channel({ outgoing: smtp }), channel({ id: 2 })]);
  expect(item.textContent).toMatch(/Give each email channel a mail server/);
  expect(item.getAttribute("href")).toBe("/settings/channels?item=2");
});
