import { Paperclip, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { CannedMessage } from "@/api/types";
import { inWords } from "../merge/labels";

/** One of the list: its name, its shortcut, the beginning of its text. */
export function CannedRow({ one }: { one: CannedMessage }) {
  return (
    <>
      <Zap size={15} aria-hidden className="mt-0.5 shrink-0 self-start text-accent-text" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate font-medium">{one.name}</span>
          {one.shortcut ? (
            <span className="min-w-0 shrink-[2] truncate text-2xs text-fg-3">/{one.shortcut}</span>
          ) : null}
        </span>
        <span className="block truncate text-fg-3 text-xs">{inWords(one.text || one.subject)}</span>
      </span>
    </>
  );
}

/** What the cursor is at, as far as it can be seen before it is used. */
export function CannedGlance({ one }: { one: CannedMessage }) {
  const { t } = useTranslation("composer");
  return (
    <div className="text-xs">
      <p className="font-medium text-sm [overflow-wrap:anywhere]">
        {inWords(one.subject || one.name)}
      </p>
      <p className="mt-1 line-clamp-12 whitespace-pre-line text-fg-2 [overflow-wrap:anywhere]">
        {inWords(one.text)}
      </p>
      {one.attachments.length > 0 ? (
        <p className="mt-2 flex items-center gap-1 text-fg-3">
          <Paperclip size={12} aria-hidden />
          {t("canned.files", { count: one.attachments.length })}
        </p>
      ) : null}
    </div>
  );
}
