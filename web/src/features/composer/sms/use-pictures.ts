import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "@/lib/announce";
import { fileSize } from "@/lib/sizes";
import { useUploads } from "../model/use-uploads";
import type { Writing } from "../model/writing";
import { type Limits, shrunk } from "./pictures";

/**
 * Pictures that are chosen, pasted or dropped. One that is too large for the
 * provider is made smaller here; what can't be sent is listed with the reason.
 */
export function usePictures(writing: Writing, limits: Limits | undefined) {
  const { t } = useTranslation("composer");
  const { uploads, send, refuse, remove: cancel } = useUploads();
  const { latest, change } = writing;
  const [smaller, setSmaller] = useState<readonly string[]>([]);
  /** What is on its way up already counts. */
  const coming = useRef({ bytes: 0, count: 0 });

  const takeOne = useCallback(
    async (file: File): Promise<void> => {
      const there = latest.current?.files ?? [];
      const used = there.reduce((sum, { size }) => sum + size, 0) + coming.current.bytes;
      if (!limits?.pictures) return refuse(file, t("sms.pictures.none"));
      const { pictures, picture_bytes: room, picture_types: types } = limits;
      if (!types.includes(file.type)) return refuse(file, t("sms.pictures.type"));
      if (there.length + coming.current.count >= pictures) {
        return refuse(file, t("sms.pictures.many", { limit: pictures }));
      }
      const limit = room - used;
      const fitting = file.size <= limit ? file : await shrunk(file, limit);
      if (!fitting) return refuse(file, t("sms.pictures.large", { limit: fileSize(room) }));
      coming.current.bytes += fitting.size;
      coming.current.count += 1;
      if (fitting !== file) {
        const [from, to] = [fileSize(file.size), fileSize(fitting.size)];
        const said = t("sms.pictures.smaller", { name: file.name, from, to });
        setSmaller((all) => [...all, said]);
        announce(said);
      }
      void send(fitting).then((sent) => {
        coming.current.bytes -= fitting.size;
        coming.current.count -= 1;
        if (sent) change({ files: [...(latest.current?.files ?? []), sent] });
      });
    },
    [latest, change, send, refuse, limits, t],
  );

  /** One after the other: each takes of the room that those before it have left. */
  const queue = useRef(Promise.resolve());
  const take = useCallback(
    (files: File[]) => {
      for (const file of files) queue.current = queue.current.then(() => takeOne(file));
    },
    [takeOne],
  );
  return { uploads, take, cancel, smaller, accept: limits?.picture_types.join() };
}
