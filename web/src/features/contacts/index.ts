import { lazy } from "react";
import { loadTexts } from "@/lib/i18n";

export type { ContactPanelProps } from "./ContactPanel";

/** Has the panel ready before it is asked for. */
export async function loadContactPanel() {
  const [file] = await Promise.all([import("./ContactPanel"), loadTexts("contacts")]);
  return { default: file.ContactPanel };
}

export const ContactPanel = lazy(loadContactPanel);

/** Why no text can be written to a number. */
export const OptedOut = lazy(async () => {
  const [file] = await Promise.all([import("./consent/OptedOut"), loadTexts("contacts")]);
  return { default: file.OptedOut };
});

/** That the last text to a number did not arrive. */
export const Unreachable = lazy(async () => {
  const [file] = await Promise.all([import("./consent/Unreachable"), loadTexts("contacts")]);
  return { default: file.Unreachable };
});

/** Notes that a contact wants no texts any more. */
export const OptOutDialog = lazy(async () => {
  const [file] = await Promise.all([import("./consent/SaidDialog"), loadTexts("contacts")]);
  return { default: file.OptOutDialog };
});
