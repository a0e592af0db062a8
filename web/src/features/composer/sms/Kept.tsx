import { useTranslation } from "react-i18next";
import { type Content, isBlank } from "../model/content";
import { plainText } from "./plain";

/** What was written before the number opted out: kept, to be read and not to be sent. */
export function Kept({ content }: { content: Content }) {
  const { t } = useTranslation("composer");
  if (isBlank(content)) return null;
  return (
    <div className="px-2 text-fg-2 text-xs">
      <p className="font-medium">{t("sms.kept")}</p>
      <p className="whitespace-pre-wrap text-fg text-sm [overflow-wrap:anywhere]">
        {plainText(content.html)}
      </p>
    </div>
  );
}
