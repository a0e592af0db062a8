import { currentLanguage } from "@/lib/i18n";

/** Codes that Intl has a name for, and that are no country. */
const others = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

/** The countries by their names. Browsers know the names but keep no list, so the two letters are tried. */
export function regions(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(currentLanguage(), { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !others.has(code) && isCurrent(code))
    .flatMap((value) => {
      const label = names.of(value);
      return label ? [{ value, label }] : [];
    })
    .sort((a, b) => a.label.localeCompare(b.label, currentLanguage()));
}

/** What is no more has a successor, which its locale is written with. */
function isCurrent(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region === code;
}
