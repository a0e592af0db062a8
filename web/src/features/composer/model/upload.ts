import { idempotencyKey } from "@/api/client";
import { ApiProblem, problemFrom } from "@/api/problem";
import type { Attachment } from "@/api/types";

/** What one message may carry together; most mail servers stop here. */
export const attachmentLimit = 25 * 2 ** 20;

/** Sends a file. By XMLHttpRequest, because fetch does not tell how far it has come. */
export function upload(
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/attachments");
    request.setRequestHeader(idempotencyKey, crypto.randomUUID());
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const { status, responseText } = request;
      if (status === 201) return resolve(JSON.parse(responseText) as Attachment);
      problemFrom(new Response(responseText, { status })).then(reject, reject);
    };
    request.onerror = () => reject(new ApiProblem(0, { code: "offline" }));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
