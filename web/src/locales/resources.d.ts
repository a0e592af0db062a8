import type auth from "./en/auth.json";
import type common from "./en/common.json";
import type composer from "./en/composer.json";
import type contacts from "./en/contacts.json";
import type hotkeys from "./en/hotkeys.json";
import type inbox from "./en/inbox.json";
import type numbers from "./en/numbers.json";
import type palette from "./en/palette.json";
import type problems from "./en/problems.json";
import type sample from "./en/sample.json";
import type settings from "./en/settings.json";
import type shell from "./en/shell.json";
import type welcome from "./en/welcome.json";

/** Every namespace, one line each: t() then checks its keys when it compiles. */
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      auth: typeof auth;
      common: typeof common;
      composer: typeof composer;
      contacts: typeof contacts;
      hotkeys: typeof hotkeys;
      inbox: typeof inbox;
      numbers: typeof numbers;
      palette: typeof palette;
      problems: typeof problems;
      sample: typeof sample;
      settings: typeof settings;
      shell: typeof shell;
      welcome: typeof welcome;
    };
  }
}
