import {
  CalendarDays,
  Contact,
  Download,
  FileText,
  Image as ImageIcon,
  Lock,
  type LucideIcon,
  Mail,
  Signature,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { fileSize } from "@/lib/sizes";
import { InviteCard } from "./InviteCard";

const icons: Record<Attachment["kind"], LucideIcon> = {
  file: FileText,
  image: ImageIcon,
  calendar: CalendarDays,
  message: Mail,
  signature: Signature,
  encrypted: Lock,
  contact: Contact,
};

/** Kinds that say something of a file that its name does not. */
const told = ["calendar", "message", "signature", "encrypted", "contact"] as const;

function isTold(kind: Attachment["kind"]): kind is (typeof told)[number] {
  return told.some((one) => one === kind);
}

/** A message's files. Images that stand within its text are not repeated here. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  const { t } = useTranslation("inbox");
  const shown = files.filter((file) => !file.inline);
  if (shown.length === 0) return null;
  const invitation = shown.find((file) => file.kind === "calendar");
  return (
    <>
      {invitation ? <InviteCard file={invitation} /> : null}
      <ul aria-label={t("message.attachments")} className="mt-3 flex flex-wrap gap-2">
        {shown.map((file) => {
          const Icon = icons[file.kind];
          return (
            <li key={file.id} className="max-w-full">
              <a
                href={`/api/v1/attachments/${file.id}`}
                download={file.filename}
                className="group flex max-w-72 items-center gap-2 rounded-lg border border-line-2 px-2.5 py-1.5 hover:bg-hover touch:min-h-11"
              >
                <Icon size={15} aria-hidden className="shrink-0 text-fg-3" />
                <span className="truncate font-medium text-xs">
                  {file.filename || t("kind.unnamed")}
                </span>
                {isTold(file.kind) ? (
                  <span className="shrink-0 text-2xs text-fg-2">{t(`kind.${file.kind}`)}</span>
                ) : null}
                <span className="shrink-0 text-2xs text-fg-3">{fileSize(file.size)}</span>
                <Download size={13} aria-hidden className="shrink-0 text-fg-3" />
              </a>
            </li>
          );
        })}
      </ul>
    </>
  );
}
