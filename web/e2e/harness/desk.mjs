// The inbox as those who work at it see it: every part is found by its role and
// name, as a screen reader finds it.
import assert from "node:assert/strict";
import { until } from "./until.mjs";

export class Desk {
  constructor(page) {
    this.page = page;
    this.list = page.getByRole("listbox", { name: "Conversations" });
    this.thread = page.getByRole("region", { name: "Conversation", exact: true });
    this.messages = this.thread.getByRole("list", { name: "Messages" });
    this.reply = page.getByRole("region", { name: "Write a reply" });
    this.note = page.getByRole("region", { name: "Write a note" });
    this.contact = page.getByRole("complementary", { name: "Contact" });
    this.search = page.getByRole("searchbox");
  }

  row(text) {
    return this.list.getByRole("option", { name: text });
  }

  /** Waits until exactly these rows stand in the list, in this order. */
  async shows(...texts) {
    const wanted = texts.length === 0 ? "no rows" : texts.join(", ");
    let names = [];
    await until(`${wanted} in the list`, async () => {
      const rows = this.list.getByRole("option");
      names = await rows.evaluateAll((all) =>
        all
          .sort((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet))
          .map((row) => row.textContent),
      );
      return names.length === texts.length && names.every((name, i) => name.includes(texts[i]));
    }).catch((error) => {
      throw new Error(`${error.message}; it has ${JSON.stringify(names)}`);
    });
  }

  async open(text) {
    await this.row(text).click();
    await this.messages.waitFor();
  }

  /** Waits for the message or note that says this; HTML stands in a frame of its own. */
  async message(text) {
    const cards = this.messages.getByRole("article");
    const at = await until(`“${text}” in the thread`, async () => {
      const texts = await cards.evaluateAll((all) =>
        all.map((card) =>
          [card, ...[...card.querySelectorAll("iframe")].map((one) => one.contentDocument?.body)]
            .map((part) => part?.innerText ?? "")
            .join("\n"),
        ),
      );
      return texts.findIndex((one) => one.includes(text)) + 1;
    });
    const { message, note } = await cards.nth(at - 1).evaluate(({ dataset }) => ({ ...dataset }));
    const card = message ? `[data-message="${message}"]` : `[data-note="${note}"]`;
    return this.messages.locator(card);
  }

  /** A button of the thread's header; a text is its whole name. */
  action(name) {
    return this.thread.getByRole("button", { name, exact: true });
  }

  async choose(menuButton, name) {
    await menuButton.click();
    const item = this.page.getByRole("menuitem", { name, exact: true });
    await item.or(this.page.getByRole("menuitemradio", { name, exact: true })).click();
  }

  async toView(name) {
    await this.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name }).click();
    await this.page.getByRole("heading", { level: 1, name }).waitFor();
  }

  async write(text) {
    await this.thread.getByRole("button", { name: /^Reply to/ }).click();
    const field = this.reply.getByRole("textbox", { name: "Message" });
    await field.waitFor();
    await field.fill(text);
    return field;
  }

  async send() {
    await this.reply.getByRole("button", { name: /^Send/ }).first().click();
    await this.reply.waitFor({ state: "detached" });
  }

  async answer(text) {
    await this.write(text);
    await this.send();
    await this.message(text);
  }

  async addNote(text) {
    await this.thread.getByRole("button", { name: "Note", exact: true }).click();
    await this.note.getByRole("textbox", { name: "Note" }).fill(text);
    await this.note.getByRole("button", { name: "Add note" }).click();
    await this.message(text);
  }

  async undo() {
    await this.page.getByRole("button", { name: "Undo" }).first().click();
  }

  /** Nothing is wider than the screen: nobody scrolls sideways. */
  async fits() {
    const [wide, screen] = await this.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(wide <= screen, `the page is ${wide} px wide on a screen of ${screen}`);
  }
}
