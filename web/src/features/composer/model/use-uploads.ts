import { useCallback, useEffect, useRef, useState } from "react";
import { describe } from "@/api/problem";
import type { Attachment } from "@/api/types";
import { upload } from "./upload";

export interface Upload {
  key: number;
  name: string;
  size: number;
  /** From 0 to 1. */
  done: number;
  error?: string;
}

let last = 0;

/** Files on their way up. What fails stays in the list with its reason until it is put away. */
export function useUploads() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<number, AbortController>());
  const change = useCallback(
    (key: number, fields: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...fields } : one))),
    [],
  );
  const remove = useCallback((key: number) => {
    running.current.get(key)?.abort();
    running.current.delete(key);
    setUploads((all) => all.filter((one) => one.key !== key));
  }, []);
  const refuse = useCallback((file: File, error: string) => {
    last += 1;
    const refused = { key: last, name: file.name, size: file.size, done: 0, error };
    setUploads((all) => [...all, refused]);
  }, []);
  const send = useCallback(
    async (file: File): Promise<Attachment | undefined> => {
      last += 1;
      const key = last;
      const controller = new AbortController();
      running.current.set(key, controller);
      setUploads((all) => [...all, { key, name: file.name, size: file.size, done: 0 }]);
      try {
        const sent = await upload(file, (done) => change(key, { done }), controller.signal);
        remove(key);
        return sent;
      } catch (error) {
        if (!controller.signal.aborted) change(key, { error: describe(error).text });
        return undefined;
      }
    },
    [change, remove],
  );
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const controller of all.values()) controller.abort();
    };
  }, []);
  const busy = uploads.some((one) => one.error === undefined);
  return { uploads, busy, send, refuse, remove };
}
