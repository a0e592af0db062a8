// Every screen worth looking at: what the server holds, where to go, what to do there.
import { inboxScreens } from "./inbox-screens.mjs";

const press = (key) => (page) => page.keyboard.press(key);
const click =
  (name, role = "button") =>
  (page) =>
    page.getByRole(role, { name }).first().click();

const newNumber = "/settings/channels?item=new&type=sms";

/** Chooses who carries the texts. */
const provider = (name) => async (page) => {
  await page.getByRole("combobox", { name: "Provider" }).click();
  await page.getByRole("option", { name }).click();
};

export const screens = [
  { name: "sign-in", scenario: "outside", path: "/sign-in" },
  {
    name: "sign-in-wrong",
    scenario: "outside",
    path: "/sign-in",
    async act(page) {
      await page.getByLabel("Email").fill("anna@harbour.example");
      await page.getByLabel("Password").fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "sign-in-missing", scenario: "outside", path: "/sign-in", act: click("Sign in") },
  {
    name: "choose-account",
    scenario: "outside",
    path: "/sign-in",
    async act(page) {
      await page.getByLabel("Email").fill("both@harbour.example");
      await page.getByLabel("Password").fill("a good password");
      await page.keyboard.press("Enter");
      await page.getByText("Northwind Bikes").waitFor();
    },
  },
  { name: "forgot", scenario: "outside", path: "/forgot" },
  { name: "invite", scenario: "outside", path: "/invite?token=invite-4" },
  { name: "reset-gone", scenario: "outside", path: "/reset?token=gone" },
  { name: "setup-account", scenario: "setup", path: "/setup" },
  {
    name: "setup-owner",
    scenario: "setup",
    path: "/setup",
    async act(page) {
      await page.getByLabel("Account name").fill("Harbour Support");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("Your name").waitFor();
    },
  },
  { name: "welcome-inbox", scenario: "empty", path: "/welcome" },
  { name: "welcome-channel", scenario: "full", path: "/welcome?step=channel" },
  { name: "welcome-done", scenario: "full", path: "/welcome?step=done" },
  { name: "welcome-sample", scenario: "sample", path: "/welcome?step=done" },
  ...inboxScreens,
  {
    name: "palette",
    scenario: "full",
    path: "/inbox",
    act: press("Control+k"),
  },
  { name: "shortcut-sheet", scenario: "full", path: "/inbox", act: press("Shift+?") },
  {
    name: "profile-menu",
    scenario: "full",
    path: "/inbox",
    act: click(/account and sign-out/),
  },
  { name: "not-found", scenario: "full", path: "/nowhere" },
  ...[
    "business",
    "channels",
    "inboxes",
    "users",
    "canned",
    "signature",
    "fields",
    "blocklist",
    "intake",
    "profile",
    "shortcuts",
    "tokens",
  ].map((page) => ({
    name: page,
    scenario: "full",
    path: `/settings/${page}`,
  })),
  ...[
    "channels",
    "inboxes",
    "users",
    "canned",
    "signature",
    "blocklist",
    "intake",
    "tokens",
  ].flatMap((page) =>
    ["empty", "long", "broken"].map((scenario) => ({
      name: `${page}-${scenario}`,
      scenario,
      path: `/settings/${page}`,
    })),
  ),
  {
    name: "intake-days",
    scenario: "full",
    path: "/settings/intake",
    act: (page) => page.getByRole("button", { name: "Show more" }).scrollIntoViewIfNeeded(),
  },
  {
    name: "blocklist-wrong",
    scenario: "full",
    path: "/settings/blocklist",
    async act(page) {
      await page.getByLabel("Address, domain or number").fill("nonsense");
      await page.keyboard.press("Enter");
      await page.getByText("Enter an email address, a domain such as").waitFor();
    },
  },
  {
    name: "blocklist-undo",
    scenario: "full",
    path: "/settings/blocklist",
    async act(page) {
      for (const id of [3, 5, 6]) {
        await page.request.post(new URL(`/api/v1/conversations/${id}/spam`, page.url()).href);
      }
      await page.reload();
      await page.getByRole("button", { name: "Remove lottery.example" }).click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
      await page.getByRole("checkbox", { name: "Select all" }).click();
      await page.waitForTimeout(500);
    },
  },
  { name: "fields-broken", scenario: "broken", path: "/settings/fields" },
  { name: "canned-new", scenario: "full", path: "/settings/canned?item=new" },
  { name: "canned-edit", scenario: "full", path: "/settings/canned?item=4" },
  { name: "canned-edit-long", scenario: "long", path: "/settings/canned?item=1" },
  {
    name: "canned-wrong",
    scenario: "full",
    path: "/settings/canned?item=new",
    act: click("Create"),
  },
  {
    name: "signature-edit",
    scenario: "full",
    path: "/settings/signature",
    act: click(/^Edit the signature of/),
  },
  { name: "sample", scenario: "full", path: "/settings/sample" },
  { name: "sample-there", scenario: "sample", path: "/settings/sample" },
  {
    name: "sample-remove",
    scenario: "sample",
    path: "/settings/sample",
    act: click("Remove sample data"),
  },
  { name: "channel-types", scenario: "full", path: "/settings/channels?item=new" },
  { name: "channel-new", scenario: "full", path: "/settings/channels?item=new&type=email" },
  { name: "numbers", scenario: "numbers", path: "/settings/channels" },
  { name: "number-edit", scenario: "numbers", path: "/settings/channels?item=4" },
  { name: "number-setup", scenario: "numbers", path: "/settings/channels?item=4&setup=true" },
  {
    name: "number-setup-end",
    scenario: "numbers",
    path: "/settings/channels?item=4&setup=true",
    act: async (page) => {
      await page.getByLabel("To number").fill("+14155550123");
      await page.getByRole("button", { name: "Send test text" }).click();
      await page.getByText("The recipient has opted out").waitFor();
    },
  },
  { name: "number-setup-smpp", scenario: "numbers", path: "/settings/channels?item=6&setup=true" },
  { name: "number-new", scenario: "numbers", path: newNumber },
  { name: "number-new-twilio", scenario: "numbers", path: newNumber, act: provider("Twilio") },
  { name: "number-new-smpp", scenario: "numbers", path: newNumber, act: provider("SMPP 3.4") },
  {
    name: "number-new-more",
    scenario: "numbers",
    path: newNumber,
    act: async (page) => {
      await provider("Twilio")(page);
      await page.getByRole("button", { name: "More settings" }).click();
      await page.getByRole("radio", { name: "Parley" }).click();
      await page.getByLabel("Answer to STOP").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "number-new-faults",
    scenario: "numbers",
    path: newNumber,
    act: async (page) => {
      await provider("Twilio")(page);
      await page.getByLabel("Auth token").fill("wrong");
      await page.getByRole("button", { name: "Create channel" }).click();
      await page.getByText("Enter this: Account SID.").waitFor();
      await page.getByLabel("Account SID").fill("AC1");
      await page.getByRole("button", { name: "Choose from your account" }).click();
      await page.getByText("Twilio does not know us").waitFor();
      await page.getByRole("button", { name: "Create channel" }).click();
      await page.getByText("Enter the number, or").waitFor();
    },
  },
  {
    name: "number-new-numbers",
    scenario: "numbers",
    path: newNumber,
    act: async (page) => {
      await provider("Twilio")(page);
      await page.getByLabel("Account SID").fill("AC1");
      await page.getByLabel("Auth token").fill("token");
      await page.getByRole("button", { name: "Choose from your account" }).click();
      await page.getByRole("radio", { name: "+1 415 555 0100" }).click();
    },
  },
  { name: "channel-edit", scenario: "full", path: "/settings/channels?item=1" },
  ...[
    ["channel-in", "Change how mail comes in", "How mail comes in"],
    ["channel-out", "Change how mail leaves", "How mail leaves"],
    ["channel-setup", "Set up and test", "Set up and test"],
  ].map(([name, way, title]) => ({
    name,
    scenario: "full",
    path: "/settings/channels?item=1",
    act: async (page) => {
      await page.getByRole("button", { name: way }).click();
      await page.getByRole("dialog", { name: title }).waitFor();
    },
  })),
  {
    name: "channel-delete",
    scenario: "full",
    path: "/settings/channels?item=1",
    act: click("Delete"),
  },
  { name: "inbox-new", scenario: "full", path: "/settings/inboxes?item=new" },
  { name: "inbox-edit", scenario: "full", path: "/settings/inboxes?item=2" },
  {
    name: "inbox-edit-select",
    scenario: "full",
    path: "/settings/inboxes?item=2",
    act: click("Default assignee", "combobox"),
  },
  { name: "user-invite", scenario: "full", path: "/settings/users?item=new" },
  { name: "user-edit", scenario: "full", path: "/settings/users?item=4" },
  {
    name: "user-link",
    scenario: "full",
    path: "/settings/users?item=4",
    act: click("Send again or copy link"),
  },
  {
    name: "token-created",
    scenario: "full",
    path: "/settings/tokens?item=new",
    async act(page) {
      await page.getByLabel("Name").fill("Nightly export");
      await page.keyboard.press("Enter");
      await page.getByText("Copy it now").waitFor();
    },
  },
  {
    name: "shortcut-record",
    scenario: "full",
    path: "/settings/shortcuts",
    async act(page) {
      await page.getByRole("button", { name: "Change “Reply”" }).click();
      await page.keyboard.press("e");
    },
  },
  {
    name: "toast-undo",
    scenario: "full",
    path: "/settings/users?item=3",
    async act(page) {
      await page.getByRole("button", { name: "Disable" }).click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
      await page.waitForTimeout(500);
    },
  },
];
