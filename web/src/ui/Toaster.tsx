import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Toaster as Sonner, toast as show } from "sonner";
import { type ToastMessage, useToasts } from "./toast";

/** The lazy half of toasts: sonner, with our looks. */
export function Toaster() {
  const { queue, ended, dialogs, take } = useToasts();
  useEffect(() => {
    if (queue.length + ended.length === 0) return;
    for (const name of ended) show.dismiss(name);
    for (const message of queue) present(message);
    take();
  }, [queue, ended, take]);
  return (
    <Sonner
      position={dialogs > 0 ? "top-left" : "bottom-left"}
      offset={{ left: 72, bottom: 16, top: 16 }}
      mobileOffset={{ bottom: 72, top: 8 }}
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

function present({ id: number, name, text, tone, action, duration, counts }: ToastMessage): void {
  const id = name ?? number;
  const options = { id, duration, action: action && { label: action.label, onClick: action.run } };
  if (tone === "danger") show.error(text, options);
  else if (counts) {
    const counting = <Counting id={id} text={text} until={Date.now() + duration} />;
    show(counting, { ...options, duration: Number.POSITIVE_INFINITY });
  } else show(text, options);
}

interface CountingProps {
  id: string | number;
  text: string;
  until: number;
}

/** The seconds are for the eye: to be read aloud each would drown what else is said. */
function Counting({ id, text, until }: CountingProps) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(() => until - Date.now());
  useEffect(() => {
    const timer = setInterval(() => setLeft(until - Date.now()), 250);
    return () => clearInterval(timer);
  }, [until]);
  useEffect(() => {
    if (left <= 0) show.dismiss(id);
  }, [left, id]);
  return (
    <>
      {text}
      <span aria-hidden className="ml-2 text-fg-3 tabular-nums">
        {t("seconds", { count: Math.max(Math.ceil(left / 1000), 0) })}
      </span>
    </>
  );
}
