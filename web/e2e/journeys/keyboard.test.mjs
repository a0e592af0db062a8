// The whole main task without a mouse.
import assert from "node:assert/strict";
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";
import { until } from "../harness/until.mjs";

const set = stage();

journey(set, "sign in, read, answer, close and undo by keys alone", async () => {
  const office = await set.office();
  const ada = office.customer("Ada Customer");
  await ada.write({ subject: "First bell", text: "Of 31.8 mm." });
  await until("filed", async () => (await office.conversations("view=all_open")).length === 1);
  await office.customer("Bert Buyer").write({ subject: "Second lamp", text: "A bright one." });
  await until("filed", async () => (await office.conversations("view=all_open")).length === 2);

  const page = await set.visit("/");
  const { keyboard } = page;
  await page.waitForURL("**/sign-in*");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await focusBy(page, "Tab", (focused) => focused.type === "email");
  await keyboard.type(office.owner.email);
  await focusBy(page, "Tab", (focused) => focused.type === "password");
  await keyboard.type(office.owner.password);
  await keyboard.press("Enter");

  const desk = new Desk(page);
  await desk.shows("Second lamp", "First bell");
  await keyboard.press("j");
  await desk.message("A bright one.");
  await keyboard.press("j");
  await desk.message("Of 31.8 mm.");
  await keyboard.press("k");
  await desk.message("A bright one.");
  await keyboard.press("j");
  await desk.message("Of 31.8 mm.");

  await keyboard.press("i");
  await desk.action(/^Assigned to Olive Owner/).waitFor();
  await keyboard.press("r");
  await desk.reply.getByRole("textbox", { name: "Message" }).waitFor();
  await until("the writing begins", async () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Message"),
  );
  await keyboard.type("The brass one does, j and k are letters here.");
  await keyboard.press("Control+Enter");
  assert.match((await ada.receive()).text, /The brass one does, j and k are letters here\./);
  await desk.message("The brass one does");

  await keyboard.press("n");
  await desk.note.getByRole("textbox", { name: "Note" }).waitFor();
  await until("the note begins", async () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Note"),
  );
  await keyboard.type("He pays late.");
  await keyboard.press("Control+Enter");
  await desk.message("He pays late.");

  // F6 goes round the panels, and each says what it is.
  const names = [];
  for (let i = 0; i < 4; i += 1) {
    await keyboard.press("F6");
    names.push(await panel(page));
  }
  assert.deepEqual(names.sort(), ["Contact", "Conversation", "Conversations", "Views and inboxes"]);

  await keyboard.press("e");
  await desk.shows("Second lamp");
  await focusBy(page, "Tab", (focused) => focused.text === "Undo");
  await keyboard.press("Enter");
  await desk.shows("First bell", "Second lamp");

  // Views by sequence, the search, the palette and the sheet.
  await keyboard.press("g");
  await keyboard.press("e");
  await page.getByRole("heading", { level: 1, name: "Closed" }).waitFor();
  await keyboard.press("g");
  await keyboard.press("a");
  await page.getByRole("heading", { level: 1, name: "All open" }).waitFor();
  await keyboard.press("/");
  await keyboard.type("lamp");
  await desk.shows("Second lamp");
  await keyboard.press("Escape");
  await keyboard.press("Escape");
  await keyboard.press("Control+k");
  await page.getByRole("dialog").getByPlaceholder("Type a command").waitFor();
  await keyboard.press("Escape");
  await keyboard.press("Shift+?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

journey(set, "what is typed before the editor is there arrives in it", async () => {
  const office = await set.office();
  const ada = office.customer("Ada Customer");
  await ada.write({ subject: "First bell", text: "Of 31.8 mm." });
  await until("filed", async () => (await office.conversations("view=all_open")).length === 1);
  const page = await set.visit("/", { as: office.owner, office });
  const gates = { Composer: gate(), NewConversation: gate() };
  for (const [chunk, held] of Object.entries(gates)) {
    await page.route(`**/assets/${chunk}-*.js`, async (route) => {
      await held.promise;
      await route.continue();
    });
  }
  const desk = new Desk(page);
  await page.goto("/inbox");
  await desk.open("First bell");
  await desk.message("Of 31.8 mm.");

  await page.keyboard.press("c");
  await page.keyboard.type("Ada Cu", { delay: 5 });
  gates.NewConversation.open();
  await page.keyboard.type("stomer", { delay: 40 });
  const search = page.getByRole("dialog").getByRole("combobox", { name: "To" });
  await until("the search is whole", async () => (await search.inputValue()) === "Ada Customer");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.getByRole("button", { name: /^Reply to/ }).click();
  const text = "I keep one, e and j and k are letters, also while the editor takes its place.";
  await page.keyboard.type(text.slice(0, 20), { delay: 5 });
  gates.Composer.open();
  await page.keyboard.type(text.slice(20), { delay: 15 });
  const field = desk.reply.getByRole("textbox", { name: "Message" });
  await until("all of it is in the editor", async () => (await field.textContent()) === text);
  const [row] = await office.conversations("view=all_open");
  assert.equal(row?.status, "open");
  await desk.reply.getByRole("button", { name: /^Put the composer away/ }).click();
  await page.keyboard.press("n");
  await page.keyboard.type("He rings e.");
  const note = desk.note.getByRole("textbox", { name: "Note" });
  await until("the note is whole", async () => (await note.textContent()) === "He rings e.");
});

/** What a slow network holds back until it is opened. */
function gate() {
  let open;
  const promise = new Promise((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** The panel that has the focus. */
const panel = (page) =>
  page.evaluate(() => document.activeElement?.closest("[data-panel]")?.getAttribute("aria-label"));

/** Presses a key until the focus is where it is wanted; nowhere else is it put by us. */
async function focusBy(page, key, wanted) {
  const seen = [];
  for (let i = 0; i < 60; i += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return {
        type: element?.getAttribute("type") ?? "",
        text: (element?.getAttribute("aria-label") ?? element?.textContent ?? "")
          .trim()
          .slice(0, 60),
      };
    });
    if (wanted(focused)) return;
    seen.push(focused.text || focused.type);
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never reaches it: ${seen.join(" · ")}`);
}
