import clsx from "clsx";
import { useEffect, useState } from "react";

/** Turns only once 300 ms have passed: what is faster than that needs no spinner. */
export function Spinner({ className }: { className?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={clsx("size-4 animate-spin", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <path d="M8 2a6 6 0 1 1-6 6" />
    </svg>
  );
}
