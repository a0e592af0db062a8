import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** A merge field's name in words; one that is not known here, as it is written. */
export function useFieldLabel(): (field: string) => string {
  const { t } = useTranslation("composer");
  return useCallback(
    (field: string) =>
      t(`field.${field.replace(".", "_")}` as "field.contact_name", { defaultValue: field }),
    [t],
  );
}
