import { currentLanguage } from "./i18n";

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 214 kB, 1.8 MB: as a file manager would say it. */
export function fileSize(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(currentLanguage(), {
    style: "unit",
    unit: units[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 && value < 100 ? 1 : 0,
  }).format(value);
}
