import { lazy, Suspense } from "react";
import { useToasts } from "./toast";

const Toaster = lazy(() => import("./Toaster").then((file) => ({ default: file.Toaster })));

/** Loads what shows toasts with the first toast. Mounted once. */
export function ToastHost() {
  const needed = useToasts((state) => state.queue.length > 0);
  const shown = useToasts((state) => state.shown);
  return needed || shown ? (
    <Suspense fallback={null}>
      <Toaster />
    </Suspense>
  ) : null;
}
