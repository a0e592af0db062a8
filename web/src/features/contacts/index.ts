import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export type { ContactPanelProps } from "./ContactPanel";

/** Has the panel ready before it is asked for. */
export async function loadContactPanel() {
  const [file] = await Promise.all([import("./ContactPanel"), loadTexts("contacts")]);
  return { default: file.ContactPanel };
}

export const ContactPanel = lazy(loadContactPanel);
