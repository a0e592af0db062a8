import clsx from "clsx";
import { FileX2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { Attachments } from "./Attachments";

interface Props {
  files: readonly Attachment[];
  /** Ours stand at the right. */
  end: boolean;
}

/** What came with a text: pictures to be seen, other files by name, and what could not be had with its address. */
export function Pictures({ files, end }: Props) {
  const missing = files.filter(({ fault }) => fault);
  const there = files.filter(({ fault }) => !fault);
  const seen = there.filter(isSeen);
  const side = end ? "justify-end" : "";
  return (
    <>
      {seen.length > 0 ? (
        <ul className={clsx("mt-1.5 flex flex-wrap gap-1.5", side)}>
          {seen.map((file) => (
            <Picture key={file.id} file={file} />
          ))}
        </ul>
      ) : null}
      <Attachments files={there.filter((file) => !isSeen(file))} />
      {missing.length > 0 ? (
        <ul className={clsx("mt-1.5 flex flex-wrap gap-1.5", side)}>
          {missing.map((file) => (
            <Missing key={file.id} file={file} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

/** What every browser shows. */
function isSeen({ content_type: type }: Attachment): boolean {
  return /^image\/(jpeg|png|gif|webp)$/.test(type);
}

function Picture({ file }: { file: Attachment }) {
  const { t } = useTranslation("inbox");
  const [broken, setBroken] = useState(false);
  const name = file.filename || t("kind.unnamed");
  if (broken) return <Attachments files={[file]} />;
  const address = `/api/v1/attachments/${file.id}?inline=1`;
  return (
    <li>
      <a
        href={address}
        target="_blank"
        rel="noopener"
        aria-label={t("text.open", { name })}
        className="block overflow-hidden rounded-xl border border-line"
      >
        <img
          src={address}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
          className="max-h-64 min-h-10 min-w-10 max-w-full bg-surface-2 object-contain sm:max-w-80"
        />
      </a>
    </li>
  );
}

function Missing({ file }: { file: Attachment }) {
  const { t } = useTranslation("inbox");
  const { fault, source_url: address } = file;
  if (!fault) return null;
  return (
    <li className="flex max-w-full items-start gap-2 rounded-lg border border-line-2 border-dashed bg-surface px-2.5 py-1.5 text-xs">
      <FileX2 size={15} aria-hidden className="mt-0.5 shrink-0 text-fg-3" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{file.filename || t("kind.unnamed")}</span>
        <span className="block text-fg-2">{t(`text.fault.${fault}`)}</span>
        {address ? (
          <a
            href={address}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="block truncate text-accent-text underline"
          >
            {t("text.source")}
          </a>
        ) : null}
      </span>
    </li>
  );
}
