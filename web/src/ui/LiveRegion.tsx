import { attachRegion } from "@/lib/announce";

/** The one status line that announce() speaks through; the shell mounts it once. */
export function LiveRegion() {
  return <div ref={attachRegion} role="status" aria-live="polite" className="sr-only" />;
}
