import { Download, FileText, Image as ImageIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { fileSize } from "@/lib/sizes";

/** A message's files. Images that stand within its text are not repeated here. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  const { t } = useTranslation("inbox");
  const shown = files.filter((file) => !file.inline);
  if (shown.length === 0) return null;
  return (
    <ul aria-label={t("message.attachments")} className="mt-3 flex flex-wrap gap-2">
      {shown.map((file) => {
        const Icon = file.content_type.startsWith("image/") ? ImageIcon : FileText;
        return (
          <li key={file.id} className="max-w-full">
            <a
              href={`/api/v1/attachments/${file.id}`}
              download={file.filename}
              className="group flex max-w-72 items-center gap-2 rounded-lg border border-line-2 px-2.5 py-1.5 hover:bg-hover touch:min-h-11"
            >
              <Icon size={15} aria-hidden className="shrink-0 text-fg-3" />
              <span className="truncate font-medium text-xs">{file.filename}</span>
              <span className="shrink-0 text-2xs text-fg-3">{fileSize(file.size)}</span>
              <Download size={13} aria-hidden className="shrink-0 text-fg-3" />
            </a>
          </li>
        );
      })}
    </ul>
  );
}
