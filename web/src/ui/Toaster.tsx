import { useEffect } from "react";
import { Toaster as Sonner, toast as show } from "sonner";
import { useToasts } from "./toast";

/** The lazy half of toasts: sonner, with our looks. */
export function Toaster() {
  const { queue, ended, take } = useToasts();
  useEffect(() => {
    if (queue.length + ended.length === 0) return;
    for (const name of ended) show.dismiss(name);
    for (const { id, name, text, tone, action, duration } of queue) {
      const options = {
        id: name ?? id,
        duration,
        action: action && { label: action.label, onClick: action.run },
      };
      if (tone === "danger") show.error(text, options);
      else show(text, options);
    }
    take();
  }, [queue, ended, take]);
  return (
    <Sonner
      position="bottom-left"
      offset={{ left: 72, bottom: 16 }}
      mobileOffset={{ bottom: 72 }}
      style={{ fontFamily: "inherit" }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-xl border border-line-2 bg-raised px-4 py-3 text-fg text-sm shadow-s3 sm:w-90",
          content: "min-w-0 flex-1",
          icon: "shrink-0 text-danger",
          actionButton:
            "shrink-0 rounded-[7px] px-2 py-1 font-medium text-accent-text hover:bg-accent-soft touch:min-h-11",
        },
      }}
    />
  );
}
