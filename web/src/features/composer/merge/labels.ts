import { i18n } from "@/lib/i18n";

/**
 * A merge field's name in words; one that is not known here, as it is written.
 * Not a hook: the editor, which shows it, would be made anew with each t.
 */
export function fieldLabel(field: string): string {
  const key = `composer:field.${field.replace(".", "_")}` as "composer:field.contact_name";
  return i18n.t(key, { defaultValue: field });
}

/** Stands beside a chip of which there is no field. */
export function unknownWords(): string {
  return i18n.t("composer:merge.noSuch");
}

/** A text with the names of its merge fields in place of what stands for them. */
export function inWords(text: string): string {
  return text.replace(/\{\{\s*([\w.]+)[^}]*\}\}/g, (_, field: string) => `[${fieldLabel(field)}]`);
}
