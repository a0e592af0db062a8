import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  text: string;
  action?: ReactNode;
  children?: ReactNode;
}

/** One part of a channel's set-up. */
export function SetupSection({ title, text, action, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h3 id={id} className="font-semibold">
            {title}
          </h3>
          <p className="text-fg-2 text-sm">{text}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
