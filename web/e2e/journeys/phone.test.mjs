// The same work on a phone, one panel at a time.
import { Desk } from "../harness/desk.mjs";
import { journey, stage } from "../harness/stage.mjs";

const set = stage();

for (const size of ["phone", "narrow"]) {
  journey(set, `list, thread, answer and back on a ${size} screen`, async () => {
    const office = await set.office();
    const ada = office.customer("Ada Customer");
    const subject = "Which-bell-fits-a-very-long-handlebar-without-any-space-in-its-name?";
    await ada.write({
      subject,
      text: "Of 31.8 mm.",
      html: `<table width="900"><tr><td>Of 31.8 mm.</td></tr></table>`,
    });
    const desk = new Desk(await set.visit("/inbox", { as: office.owner, office, size }));
    await desk.row(subject).waitFor();
    await desk.fits();
    await desk.row(subject).tap();
    await desk.messages.waitFor();
    await desk.fits();
    await desk.thread.getByRole("button", { name: /^Reply to/ }).tap();
    await desk.reply.getByRole("textbox", { name: "Message" }).fill("The brass one does.");
    await desk.fits();
    await desk.send();
    await ada.receive();
    await desk.message("The brass one does.");
    await desk.action("Back to the list").tap();
    await desk.row(subject).waitFor();
    for (const page of ["channels", "inboxes", "users", "tokens", "profile", "shortcuts"]) {
      await desk.page.goto(`/settings/${page}`);
      await desk.page.getByRole("heading", { level: 1 }).first().waitFor();
      await desk.fits();
    }
  });
}
