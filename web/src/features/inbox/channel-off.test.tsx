import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ago } from "@/test/mail";
import type { State } from "@/test/server";
import { openTexts, prepareInbox } from "@/test/text-inbox";
import { textId } from "@/test/text-samples";

prepareInbox();

const deleted = "The channel of this conversation was deleted";

function off(state: State, why: "deleted" | "disabled") {
  const row = state.mail.conversations.find(({ id }) => id === textId);
  const ours = { name: "", email: "", phone: "+14155550100" };
  Object.assign(row ?? {}, { channel_off: why, participants: [ours] });
  if (why === "deleted") state.channels = state.channels.filter(({ id }) => id !== 20);
  for (const one of state.channels) if (one.id === 20) one.disabled = true;
}

const panel = async () => within(await screen.findByRole("complementary", { name: "Contact" }));

test("where the channel was deleted nothing can be written, and it is said why", async () => {
  const app = await openTexts((state) => off(state, "deleted"));
  expect(await screen.findByRole("region", { name: deleted })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Reply to/ })).toBeNull();
  expect((await panel()).getByText("Deleted")).toBeTruthy();
  expect((await panel()).queryByText("Also takes part")).toBeNull();
  await app.user.keyboard("r");
  expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
  // Notes do not leave.
  await app.user.click(screen.getByRole("button", { name: /^Note/ }));
  expect(await screen.findByRole("textbox", { name: "Note" })).toBeTruthy();
});

test("from there it goes on with the same contact, on another channel", async () => {
  const app = await openTexts((state) => off(state, "deleted"));
  const notice = within(await screen.findByRole("region", { name: deleted }));
  await app.user.click(await notice.findByRole("button", { name: "New conversation…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New conversation" }));
  expect(dialog.getByRole("button", { name: "Remove Ada Moreno" })).toBeTruthy();
  expect(dialog.getByRole("combobox", { name: "From" }).textContent).toContain("Support email");
  await app.user.click(dialog.getByRole("button", { name: "Start" }));
  await waitFor(() =>
    expect(app.writes().find(({ path }) => path === "/conversations")?.body).toMatchObject({
      channel_id: 1,
      contact_id: textId,
    }),
  );
});

test("a channel that is switched off is named, and a draft is kept in sight", async () => {
  await openTexts((state) => {
    off(state, "disabled");
    const content = { mode: "reply", html: "<p>Come by until six.</p>", files: [] };
    state.mail.drafts[textId] = [{ mode: "reply", content, version: 1, updated_at: ago(5) }];
  });
  const name = "The channel of this conversation is switched off";
  const notice = await screen.findByRole("region", { name });
  await waitFor(() => expect(notice.textContent).toContain("Your draft: Come by until six."));
  expect((await panel()).getByText("Texts")).toBeTruthy();
  expect((await panel()).getByText("Switched off")).toBeTruthy();
});
