import { lazy, Suspense } from "react";
import { useIdle } from "@/lib/idle";
import { useToasts } from "./toast";

const Toaster = lazy(() => import("./Toaster").then((file) => ({ default: file.Toaster })));
const TooltipHost = lazy(() =>
  import("./TooltipHost").then((file) => ({ default: file.TooltipHost })),
);

/** What draws tooltips and toasts, once the page can spare the time. Mounted once. */
export function Late() {
  const idle = useIdle();
  const toasts = useToasts((state) => state.shown || state.queue.length > 0);
  return (
    <Suspense fallback={null}>
      {idle ? <TooltipHost /> : null}
      {toasts ? <Toaster /> : null}
    </Suspense>
  );
}
