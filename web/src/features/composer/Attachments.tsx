import clsx from "clsx";
import { CircleAlert, FileText, Image, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { fileSize } from "@/lib/sizes";
import { imageAddress } from "./model/content";
import type { Upload } from "./model/use-uploads";

interface Props {
  files: readonly Attachment[];
  uploads: readonly Upload[];
  /** Pictures are shown, not only named. */
  thumbnails?: boolean;
  onRemove: (file: Attachment) => void;
  onCancel: (key: number) => void;
}

/** The files below the text, and those still on their way up. */
export function Attachments(props: Props) {
  const { files, uploads, thumbnails = false, onRemove, onCancel } = props;
  const { t } = useTranslation("composer");
  if (files.length + uploads.length === 0) return null;
  return (
    <ul aria-label={t("files.label")} className="flex flex-wrap gap-2 px-4 pb-2">
      {files.map((file) => (
        <FileChip
          key={file.id}
          name={file.filename}
          size={file.size}
          image={file.content_type.startsWith("image/")}
          {...(thumbnails ? { source: imageAddress(file.id) } : {})}
          remove={t("files.remove", { name: file.filename })}
          onRemove={() => onRemove(file)}
        />
      ))}
      {uploads.map((upload) => (
        <FileChip
          key={`upload${upload.key}`}
          name={upload.name}
          size={upload.size}
          done={upload.done}
          error={upload.error}
          remove={t(upload.error ? "files.dismiss" : "files.cancel", { name: upload.name })}
          onRemove={() => onCancel(upload.key)}
        />
      ))}
    </ul>
  );
}

interface ChipProps {
  name: string;
  size: number;
  image?: boolean;
  /** Where the picture itself comes from. */
  source?: string;
  /** How much of it is up; nothing once all of it is. */
  done?: number;
  error?: string | undefined;
  remove: string;
  onRemove: () => void;
}

function FileChip(props: ChipProps) {
  const { name, size, image = false, source, done, error, remove, onRemove } = props;
  const { t } = useTranslation("composer");
  const Icon = error ? CircleAlert : image ? Image : FileText;
  return (
    <li
      className={clsx(
        "relative flex max-w-full items-center gap-2 overflow-hidden rounded-lg border bg-surface py-1 pr-1 pl-2.5",
        error ? "border-danger" : "border-line-2",
      )}
    >
      {source ? (
        <img src={source} alt="" className="-ml-1 size-10 shrink-0 rounded-md object-cover" />
      ) : (
        <Icon
          size={14}
          aria-hidden
          className={clsx("shrink-0", error ? "text-danger" : "text-fg-3")}
        />
      )}
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <span className="max-w-52 truncate font-medium text-xs">{name}</span>
          <span className="shrink-0 text-2xs text-fg-3">{fileSize(size)}</span>
        </span>
        {error ? (
          <span role="alert" className="block max-w-72 text-danger text-xs">
            {error}
          </span>
        ) : null}
      </span>
      <button
        type="button"
        aria-label={remove}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-md text-fg-2 hover:bg-hover touch:size-11"
      >
        <X size={13} aria-hidden />
      </button>
      {done === undefined || error ? null : (
        <span
          role="progressbar"
          aria-label={t("files.uploading", { name })}
          aria-valuenow={Math.round(done * 100)}
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent transition-transform duration-100"
          style={{ transform: `scaleX(${done})` }}
        />
      )}
    </li>
  );
}
