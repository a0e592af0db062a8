import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ago, event } from "@/test/mail";
import type { State } from "@/test/server";
import { openTexts, prepareInbox } from "@/test/text-inbox";
import { ada, inText, optOut, picture, text, textId } from "@/test/text-samples";

prepareInbox();

const readable = "+1 415 555 0123";

const add =
  (...items: ReturnType<typeof inText>[]) =>
  (state: State) =>
    void state.mail.timelines[textId]?.push(...items);

const bubble = (id: number) => {
  const found = document.querySelector<HTMLElement>(`[data-message="${id}"]`);
  if (!found) throw new Error(`there is no message ${id}`);
  return within(found);
};

test("texts are bubbles with their number, their pictures and their ticks", async () => {
  const app = await openTexts();
  expect(bubble(601).getByText(readable)).toBeTruthy();
  const shown = bubble(601).getByRole("link", { name: "Open bike.jpg" });
  expect(shown.getAttribute("href")).toBe("/api/v1/attachments/610?inline=1");
  expect(bubble(602).getByText("Delivered")).toBeTruthy();
  expect(bubble(603).getByText("Sent")).toBeTruthy();
  await app.user.click(bubble(602).getByRole("button", { name: "More for this message" }));
  expect(screen.queryByRole("menuitem", { name: "Forward" })).toBeNull();
  await app.user.click(await screen.findByRole("menuitem", { name: "Details" }));
  const details = within(await screen.findByRole("dialog", { name: "Details" }));
  expect(details.getByText("Segments").nextElementSibling?.textContent).toBe("1");
});

test("a text has no name: its number is called as the contact is, an unnamed one by the number", async () => {
  const bare = { name: "", email: "", phone: ada };
  await openTexts(add(inText({ id: 650, text: "It's me", from: bare })));
  expect(bubble(650).getByText("Ada Moreno")).toBeTruthy();
  expect(bubble(650).getByText(readable)).toBeTruthy();
  const other = { name: "", email: "", phone: "+14155550188" };
  cleanup();
  await openTexts(add(inText({ id: 651, text: "Who?", from: other, contact_id: 99 })));
  const head = bubble(651).getByText("+1 415 555 0188");
  expect(head.closest("li")?.querySelector("[data-initials]")?.getAttribute("data-initials")).toBe(
    "88",
  );
});

test("what carriers refuse is said in words, and can be tried again", async () => {
  const error = "30006: Landline or unreachable carrier";
  const recipient = { kind: "to" as const, name: "Ada", address: ada, delivery: "bounced" };
  const failed = text({
    id: 620,
    text: "Your bike is ready",
    delivery: "bounced",
    recipients: [{ ...recipient, error, status: "30006", reason: "not_mobile" }],
  });
  const app = await openTexts(add(failed));
  const words = bubble(620);
  expect(words.getByText("Not delivered")).toBeTruthy();
  expect(words.getByText(/This number takes no texts/)).toBeTruthy();
  expect(words.getByText(error)).toBeTruthy();
  await app.user.click(words.getByRole("button", { name: "Try again" }));
  await waitFor(() =>
    expect(app.writes().some(({ path }) => path === "/messages/620/retry")).toBe(true),
  );
});

test.each([
  ["too_large", "Too large to be kept here"],
  ["unsupported", "A kind of file that is not supported"],
  ["gone", "No longer there at the provider"],
] as const)("a file that is %s is said to be so, with its address", async (fault, words) => {
  const source_url = "https://api.provider.example/media/1";
  const file = picture({ id: 630, size: 0, fault, source_url, filename: "clip.mp4" });
  await openTexts(add(inText({ id: 621, text: "", attachments: [file] })));
  expect(bubble(621).getByText(words)).toBeTruthy();
  expect(bubble(621).getByRole("link").getAttribute("href")).toBe(source_url);
});

test("opting out and in again stands between the texts, and how it is known", async () => {
  await openTexts((state) => {
    optOut(state);
    const data = { consent_id: 2, phone: ada, how: "manual" };
    state.mail.timelines[textId]?.push(
      event({ id: 906, event: "contact.opted_in", actor_id: 1, at: ago(10), data }),
    );
  });
  expect(screen.getByText(`${readable} opted out of texts by texting a keyword`)).toBeTruthy();
  expect(screen.getByText(`You recorded that ${readable} agreed to texts again`)).toBeTruthy();
});

test("what sounds like an opt-out is asked about once", async () => {
  const natural = inText({
    id: 640,
    at: ago(5),
    text: "please stop texting me",
    sounds_like_opt_out: true,
  });
  const app = await openTexts(add(natural));
  const hint = await screen.findByRole("region", { name: "This sounds like an opt-out" });
  expect(hint.textContent).toContain(readable);
  await app.user.click(within(hint).getByRole("button", { name: "Opt out" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByDisplayValue("please stop texting me")).toBeTruthy();
  await app.user.click(dialog.getByRole("button", { name: "Opt out" }));
  await screen.findByRole("region", { name: `${readable} has opted out of texts` });
  expect(screen.queryByText(/This sounds like an opt-out/)).toBeNull();
});

test("No is remembered", async () => {
  const natural = inText({ id: 641, at: ago(5), text: "enough", sounds_like_opt_out: true });
  const app = await openTexts(add(natural));
  await app.user.click(await screen.findByRole("button", { name: "No" }));
  expect(screen.queryByText(/This sounds like an opt-out/)).toBeNull();
  expect(localStorage.getItem("parley.optout.declined")).toBe("[641]");
});
