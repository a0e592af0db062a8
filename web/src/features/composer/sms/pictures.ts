import type { Channel } from "@/api/types";

/** What the provider of a number takes as one text. */
export type Limits = NonNullable<Channel["limits"]>;

/** No telephone shows more than this, in pixels of the longer side. */
const longest = 2048;
/** Smaller than this nobody recognises what is on it. */
const shortest = 320;

/** How wide and how good to try it, the best first. */
function* tries(): Generator<{ side: number; quality: number }> {
  for (let side = longest; side >= shortest; side = Math.round(side * 0.75)) {
    for (const quality of [0.85, 0.7, 0.55]) yield { side, quality };
  }
}

/**
 * A picture with at most so many bytes, as a JPEG; undefined where it can't be
 * made so small. A GIF is not tried: what moves in it would stand still.
 */
export async function shrunk(file: File, limit: number): Promise<File | undefined> {
  if (file.type === "image/gif") return undefined;
  const image = await createImageBitmap(file).catch(() => undefined);
  if (!image) return undefined;
  try {
    for (const { side, quality } of tries()) {
      const blob = await drawn(image, side, quality);
      if (!blob || blob.size > limit) continue;
      const name = file.name.replace(/\.[^.]*$/, "");
      return new File([blob], `${name || "picture"}.jpg`, { type: "image/jpeg" });
    }
    return undefined;
  } finally {
    image.close();
  }
}

function drawn(image: ImageBitmap, side: number, quality: number): Promise<Blob | null> {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const page = canvas.getContext("2d");
  if (!page) return Promise.resolve(null);
  // A JPEG has nothing to see through.
  page.fillStyle = "#fff";
  page.fillRect(0, 0, canvas.width, canvas.height);
  page.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
