import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export type { ContactPanelProps } from "./ContactPanel";

export const ContactPanel = lazy(async () => {
  const [file] = await Promise.all([import("./ContactPanel"), loadTexts("contacts")]);
  return { default: file.ContactPanel };
});
