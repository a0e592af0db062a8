// The screens of the inbox, the composer and the contact panel.
const key = (name) => (page) => page.keyboard.press(name);
const button = (page, name) => page.getByRole("button", { name }).first();
const thread = (page) => page.getByRole("region", { name: "Messages and events" }).waitFor();
/** The editor itself: until it is there a plain field stands in for it. */
const writing = (page) => page.locator(".ProseMirror").waitFor();

function acts(...steps) {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}

const typed = (text) => (page) => page.keyboard.type(text);
const tool = (name) => (page) => button(page, name).click();
const option =
  (list, name = /./) =>
  (page) =>
    page.getByRole("listbox", { name: list }).getByRole("option", { name }).first().waitFor();
const open = { scenario: "full", path: "/inbox?c=3" };
const reply = acts(thread, key("r"), writing);

const texts = { scenario: "texts", path: "/inbox?c=60" };
const from = (name) => async (page) => {
  await page.getByRole("combobox", { name: "From" }).click();
  await page.getByRole("option", { name }).click();
};
const search = (text) => (page) => page.getByRole("combobox", { name: "To" }).fill(text);
const numberMenu = (name) => async (page) => {
  const panel = button(page, "Show contact panel");
  if (await panel.isVisible()) await panel.click();
  await page.getByRole("button", { name: /^More for \+/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name }).click();
};

/** Texts, and who may be sent them. */
const textScreens = [
  { name: "texts-thread", ...texts, act: thread },
  { name: "texts-write", ...texts, act: acts(thread, key("r"), writing, typed("Yes, come by.")) },
  {
    name: "texts-wide",
    ...texts,
    act: acts(reply, typed(`It’s ready “today” ${"and it rides like new. ".repeat(4)}`)),
  },
  { name: "texts-long", ...texts, act: acts(reply, typed("a".repeat(1540))) },
  { name: "texts-locked", scenario: "opted-out", path: "/inbox?c=60", act: thread },
  {
    name: "texts-record",
    scenario: "opted-out",
    path: "/inbox?c=60",
    act: acts(thread, tool("Record consent…"), tool("Record consent")),
  },
  { name: "texts-opt-out", ...texts, act: acts(thread, tool("Opt out")) },
  {
    name: "texts-history",
    scenario: "opted-out",
    path: "/inbox?c=60",
    act: acts(thread, numberMenu("History")),
  },
  { name: "texts-new", ...texts, act: acts(thread, key("c"), from(/^Texts/), search("o")) },
  {
    name: "texts-new-person",
    ...texts,
    act: acts(thread, key("c"), from(/^Texts/), search("Dee New"), (page) =>
      page.getByRole("option", { name: /^Create/ }).click(),
    ),
  },
];

export const inboxScreens = [
  ...textScreens,
  { name: "inbox", scenario: "full", path: "/inbox" },
  { name: "inbox-thread", ...open, act: thread },
  { name: "inbox-empty", scenario: "empty", path: "/inbox" },
  { name: "inbox-broken", scenario: "broken", path: "/inbox?c=3" },
  { name: "inbox-long", scenario: "long", path: "/inbox?c=3", act: thread },
  { name: "inbox-gone", scenario: "full", path: "/inbox?c=999" },
  { name: "inbox-failed", scenario: "full", path: "/inbox?view=failed&c=6", act: thread },
  { name: "inbox-uncertain", scenario: "full", path: "/inbox?view=failed&c=7", act: thread },
  { name: "inbox-received", scenario: "full", path: "/inbox?c=9", act: thread },
  {
    name: "inbox-received-top",
    scenario: "full",
    path: "/inbox?c=9",
    act: acts(thread, (page) =>
      page.getByRole("region", { name: "Invitation" }).scrollIntoViewIfNeeded(),
    ),
  },
  {
    name: "inbox-headers",
    ...open,
    act: acts(
      thread,
      tool("More for this message"),
      (page) => page.getByRole("menuitem", { name: "Show headers" }).click(),
      (page) => page.getByRole("heading", { name: "Every line, as it came" }).waitFor(),
    ),
  },
  { name: "inbox-search-none", scenario: "full", path: "/inbox?q=zebra" },
  { name: "inbox-spam-dialog", ...open, act: acts(thread, key("!")) },
  {
    name: "inbox-spam",
    ...open,
    act: acts(thread, async (page) => {
      const spam = new URL("/api/v1/conversations/3/spam", page.url()).href;
      await page.request.post(spam, { data: { why: "Sells watches" } });
      await page.reload();
      await page.getByText("Blocked as spam by").waitFor();
    }),
  },
  { name: "inbox-assign", ...open, act: acts(thread, key("Shift+a")) },
  {
    name: "inbox-alert",
    scenario: "full",
    path: "/inbox",
    live: [{ kind: "message.received", conversation_id: 3, message_id: 32 }],
    act: (page) => page.getByRole("region", { name: "New messages" }).waitFor(),
  },
  { name: "composer-reply", ...open, act: reply },
  {
    name: "composer-all",
    ...open,
    act: acts(thread, key("a"), writing, async (page) => {
      await page.getByRole("textbox", { name: "Message" }).fill("Yes, Friday noon works.");
      await page.getByLabel("To", { exact: true }).fill("nobody@");
      await page.keyboard.press("Enter");
      await page.getByText("Draft saved").waitFor();
    }),
  },
  {
    name: "composer-answered",
    ...open,
    act: acts(
      thread,
      tool("More for this message"),
      (page) => page.getByRole("menuitem", { name: "Reply", exact: true }).click(),
      writing,
      tool("Quote it"),
    ),
  },
  {
    name: "composer-everything",
    ...open,
    act: acts(
      thread,
      key("a"),
      writing,
      tool("Add Bcc"),
      tool("Change the subject"),
      tool("Add signature"),
      async (page) => {
        await page.getByLabel("Bcc", { exact: true }).fill("archive@harbour.example");
        await page.keyboard.press("Enter");
        await page.locator("input[type=file]").setInputFiles({
          ...{ name: "delivery-plan-of-the-week.pdf", mimeType: "application/pdf" },
          buffer: Buffer.from("x"),
        });
        await page.getByRole("textbox", { name: "Message" }).click();
      },
      typed("/re"),
      option("Canned messages"),
    ),
  },
  {
    name: "composer-send-menu",
    ...open,
    act: acts(reply, typed("Until Friday."), tool("More ways to send"), (page) =>
      page.getByRole("menuitem", { name: /Send later/ }).waitFor(),
    ),
  },
  { name: "composer-forward", ...open, act: acts(thread, key("f"), writing) },
  {
    name: "composer-note",
    ...open,
    act: acts(thread, key("n"), writing, (page) => page.keyboard.type("Ask the workshop first.")),
  },
  {
    name: "composer-held",
    ...open,
    act: acts(reply, async (page) => {
      await page.keyboard.type("Yes, that works.");
      await page.getByText("Draft saved").waitFor();
      await page.request.post(new URL("/api/v1/conversations/3/notes", page.url()).href, {
        data: { html: "<p>Wait, the depot is closed on Friday.</p>" },
      });
      await page.keyboard.press("Control+Enter");
      await page.getByText("Not sent yet").waitFor();
    }),
  },
  {
    name: "composer-files",
    ...open,
    act: acts(reply, async (page) => {
      await page.keyboard.type("The photo is below.");
      await page
        .locator("input[type=file]")
        .setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: Buffer.from("x") });
      await page.locator(".ProseMirror img[src]").first().waitFor();
    }),
  },
  {
    name: "composer-slash",
    ...open,
    act: acts(reply, typed("/re"), option("Canned messages")),
  },
  {
    name: "composer-canned",
    ...open,
    act: acts(reply, tool("Insert a canned message"), (page) =>
      page.getByRole("option", { name: /Shipping delay/ }).waitFor(),
    ),
  },
  {
    name: "composer-slash-long",
    scenario: "long",
    path: "/inbox?c=3",
    act: acts(reply, typed("/"), option("Canned messages")),
  },
  {
    name: "composer-chips",
    ...open,
    act: acts(reply, typed("/delay"), option("Canned messages", /Shipping delay/), async (page) => {
      await page.keyboard.press("Enter");
      await page.locator(".ProseMirror [data-merge]").first().click();
      await page.getByRole("textbox", { name: /If it is empty/ }).waitFor();
    }),
  },
  {
    name: "composer-fields",
    ...open,
    act: acts(reply, tool("Insert a merge field"), (page) =>
      page
        .getByRole("option", { name: /First name/ })
        .first()
        .waitFor(),
    ),
  },
  {
    name: "composer-emoji",
    ...open,
    act: acts(reply, tool("Insert an emoji"), typed("par"), (page) =>
      page.getByRole("option", { name: "party popper" }).waitFor(),
    ),
  },
  {
    name: "composer-unknown",
    ...open,
    act: acts(reply, async (page) => {
      const html = '<p>For <span data-merge="contact.nick">contact.nick</span> of us.</p>';
      await page.locator(".ProseMirror").evaluate((field, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/html", text);
        clipboardData.setData("text/plain", "x");
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
      }, html);
      await page.getByText("no such field").waitFor();
    }),
  },
  {
    name: "composer-unresolved",
    ...open,
    act: acts(reply, typed("For "), tool("Insert a merge field"), async (page) => {
      await page.getByRole("option", { name: /^Company/ }).click();
      await page.locator(".ProseMirror [data-merge]").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("Nothing is known for: Company").waitFor();
    }),
  },
  {
    name: "composer-attached",
    ...open,
    act: acts(reply, typed("The plan is attached."), key("Control+Enter"), (page) =>
      page.getByText("You wrote “attached”").waitFor(),
    ),
  },
  {
    name: "composer-forward-choose",
    ...open,
    act: acts(thread, key("f"), writing, tool("Choose"), (page) =>
      page.getByRole("radio", { name: "The whole conversation" }).waitFor(),
    ),
  },
  {
    name: "composer-schedule",
    ...open,
    act: acts(reply, typed("Until Friday."), key("Control+Alt+Enter"), async (page) => {
      await page.getByRole("dialog").waitFor();
      await page.getByRole("textbox", { name: "Or when" }).fill("24 Dec 2030 10:00");
      await page.getByText("Leaves Tuesday").waitFor();
    }),
  },
  {
    name: "composer-preview",
    ...open,
    act: acts(reply, typed("/delay"), option("Canned messages", /Shipping delay/), async (page) => {
      await page.keyboard.press("Enter");
      await page.locator(".ProseMirror [data-merge]").waitFor();
      await button(page, "More ways to send").click();
      await page.getByRole("menuitem", { name: /Preview/ }).click();
      await page.getByRole("dialog").waitFor();
    }),
  },
  {
    name: "composer-signature",
    ...open,
    act: acts(reply, tool("Add signature"), (page) =>
      page.getByRole("region", { name: "Signature" }).waitFor(),
    ),
  },
  {
    name: "composer-mention",
    ...open,
    act: acts(thread, key("n"), writing, typed("Ask @le"), option("Colleagues", /Lea Fournier/)),
  },
  ...["mentions", "drafts", "scheduled"].map((view) => ({
    name: `inbox-${view}`,
    scenario: "full",
    path: `/inbox?view=${view}`,
  })),
  ...["mentions", "drafts", "scheduled"].map((view) => ({
    name: `inbox-${view}-empty`,
    scenario: "empty",
    path: `/inbox?view=${view}`,
  })),
  {
    name: "composer-sent",
    ...open,
    act: acts(reply, async (page) => {
      await page.keyboard.type("Yes, Friday noon works for us.");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Take back").waitFor();
    }),
  },
  {
    name: "new-conversation",
    scenario: "full",
    path: "/inbox",
    act: acts(key("c"), (page) => page.getByRole("option").first().waitFor()),
  },
  {
    name: "new-conversation-person",
    scenario: "full",
    path: "/inbox",
    act: acts(key("c"), async (page) => {
      await page.getByLabel("To", { exact: true }).first().fill("Olga Petrova");
      await page.getByText("Create “Olga Petrova”").click();
      await button(page, "Start").click();
      await page.getByText("Write a complete address").waitFor();
    }),
  },
  {
    name: "new-conversation-started",
    scenario: "full",
    path: "/inbox",
    act: acts(key("c"), async (page) => {
      await page.getByLabel("To", { exact: true }).first().fill("ingrid");
      await page.getByRole("option", { name: /Ingrid/ }).click();
      await button(page, "Start").click();
      await writing(page);
    }),
  },
  {
    name: "contact-edit",
    ...open,
    act: acts(thread, async (page) => {
      if ((page.viewportSize()?.width ?? 0) < 1360)
        await button(page, "Show contact panel").click();
      await button(page, /^email address: /).click();
      await page.keyboard.type("nobody");
      await page.keyboard.press("Enter");
      await page.getByText("is not an email address").waitFor();
    }),
  },
  {
    name: "inbox-views",
    scenario: "full",
    path: "/inbox",
    act: async (page) => {
      if ((page.viewportSize()?.width ?? 0) < 1280) await button(page, "Show the menu").click();
      else await button(page, /^Sorted by/).click();
    },
  },
];
