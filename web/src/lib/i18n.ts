import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import common from "@/locales/en/common.json";
import shell from "@/locales/en/shell.json";

/**
 * Texts live in src/locales/LANGUAGE/NAMESPACE.json, one namespace a feature.
 * The shell's are in the entry; a route's are fetched beside its code.
 */
const files = import.meta.glob<{ default: object }>([
  "../locales/*/*.json",
  "!../locales/en/common.json",
  "!../locales/en/shell.json",
]);

const backend: BackendModule = {
  type: "backend",
  init() {
    // The files are known when the app is built; there is nothing to set up.
  },
  read(language, namespace, done) {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (!load) return done(new Error(`no texts for ${language}/${namespace}`), null);
    load().then(
      (file) => done(null, file.default),
      (error: Error) => done(error, null),
    );
  },
};

export const i18n = i18next.createInstance();

const started = i18n
  .use(backend)
  .use(initReactI18next)
  .init({
    lng: "en",
    fallbackLng: "en",
    ns: ["common", "shell"],
    defaultNS: "common",
    partialBundledLanguages: true,
    resources: { en: { common, shell } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });

/** A route's loader calls this, so that texts and code arrive together. */
export async function loadTexts(...namespaces: string[]): Promise<void> {
  await started;
  await i18n.loadNamespaces(namespaces);
}

export function currentLanguage(): string {
  return i18n.resolvedLanguage ?? "en";
}
