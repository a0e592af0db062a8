// What a newcomer sees first: the demo, from the customer's phone to the inbox and back.
import { Desk } from "../harness/desk.mjs";
import { startDemo } from "../harness/server.mjs";
import { journey, stage } from "../harness/stage.mjs";

const set = stage({}, startDemo);

async function signIn(page) {
  const { email, password } = set.server;
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  const desk = new Desk(page);
  await desk.list.getByRole("option").first().waitFor();
  return desk;
}

/** The customer's page, written on as somebody who was not there before. */
async function pickUp(page, name, phone) {
  await page.getByRole("button", { name: "Somebody else…" }).click();
  const form = page.getByRole("dialog", { name: "Write as somebody else" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Phone").fill(phone);
  await form.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("region", { name: `${name}’s phone` }).waitFor();
  return {
    texts: page.getByRole("list", { name: "Texts", exact: true }).getByRole("listitem"),
    async write(text) {
      await page.getByRole("textbox", { name: `Text from ${name}` }).fill(text);
      await page.getByRole("button", { name: "Send the text" }).click();
    },
  };
}

journey(set, "a text from the demo's phone is a conversation, and is answered", async (t) => {
  const desk = await signIn(await set.visit("/inbox"));
  const phone = await pickUp(await set.visit(set.server.customer), "Kim Park", "+44 7700 900199");
  const began = performance.now();
  await phone.write("Do you mend tandems? 🚲");
  await desk.row("Do you mend tandems? 🚲").waitFor();
  t.diagnostic(`a text was in the list after ${Math.round(performance.now() - began)} ms`);
  const question = phone.texts.filter({ hasText: "Do you mend tandems? 🚲" });
  await question.getByText("Delivered").waitFor();

  await desk.open("Do you mend tandems?");
  await desk.message("Do you mend tandems?");
  await desk.thread.getByRole("button", { name: /^Reply to/ }).click();
  const composer = desk.page.getByRole("region", { name: "Write a text" });
  await composer.getByRole("textbox", { name: "Message" }).fill("We do, bring it in.");
  await composer.getByRole("button", { name: /^Send/ }).first().click();
  // It leaves once there is no time left to take it back.
  await phone.texts.getByText("We do, bring it in.").waitFor();
  await (await desk.message("We do, bring it in.")).locator("[data-delivery=delivered]").waitFor();
  await phone.write("Great, see you!");
  await desk.message("Great, see you!");
});
