import clsx from "clsx";

/** A grey shape in the place and size of what is coming. Shows after 120 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("appear-late block skeleton", className)} />;
}
