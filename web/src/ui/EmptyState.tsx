import type { ReactNode } from "react";

interface Props {
  icon?: ReactNode;
  /** One sentence that says why it is empty. */
  text: string;
  /** One thing to do about it. */
  action?: ReactNode;
}

export function EmptyState({ icon, text, action }: Props) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 px-6 py-12 text-center">
      {icon ? (
        <span
          aria-hidden
          className="grid size-10 place-items-center rounded-xl border border-line bg-surface-2 text-fg-3"
        >
          {icon}
        </span>
      ) : null}
      <p className="max-w-80 text-balance text-base text-fg-2">{text}</p>
      {action}
    </div>
  );
}
