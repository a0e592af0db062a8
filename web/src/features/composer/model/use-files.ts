import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types";
import { fileSize } from "@/lib/sizes";
import type { Tiptap } from "../Editor";
import { imageAddress } from "./content";
import { attachmentLimit } from "./upload";
import { useUploads } from "./use-uploads";
import type { Writing } from "./writing";

/** Files that are chosen, dropped or pasted; pictures stand in the text where it is written. */
export function useFiles(writing: Writing, editor: Tiptap | undefined) {
  const { t } = useTranslation("composer");
  const { uploads, send, refuse, remove: cancel } = useUploads();
  const { latest, change } = writing;
  const take = useCallback(
    (files: File[]) => {
      let total = (latest.current?.files ?? []).reduce((sum, file) => sum + file.size, 0);
      for (const file of files) {
        total += file.size;
        if (total > attachmentLimit) {
          total -= file.size;
          refuse(file, t("files.tooLarge", { limit: fileSize(attachmentLimit) }));
          continue;
        }
        void send(file).then((sent) => {
          if (sent) put(sent);
        });
      }
      function put(sent: Attachment): void {
        const inline =
          /^image\/(png|jpeg|gif|webp)$/.test(sent.content_type) && editor !== undefined;
        change({ files: [...(latest.current?.files ?? []), { ...sent, inline }] });
        if (!inline) return;
        editor
          .chain()
          .focus()
          .setImage({ src: imageAddress(sent.id), alt: sent.filename })
          .run();
      }
    },
    [latest, change, send, refuse, editor, t],
  );
  return { uploads, take, cancel };
}
