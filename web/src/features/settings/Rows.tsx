import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { describe } from "@/api/problem";
import { ErrorState } from "@/ui/ErrorState";
import { Skeleton } from "@/ui/Skeleton";

interface Props<Item> {
  label: string;
  query: { data: Item[] | undefined; error: unknown; refetch: () => unknown };
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list in every state it can be in: coming, failed, empty, there. */
export function Rows<Item extends { id: number }>({ label, query, empty, children }: Props<Item>) {
  if (query.error && !query.data) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!query.data) return <RowsSkeleton />;
  if (query.data.length === 0) {
    return <div className="flex rounded-xl border border-line border-dashed">{empty}</div>;
  }
  return (
    <ul
      aria-label={label}
      className="divide-y rounded-xl border border-line [&>li:first-child]:rounded-t-xl [&>li:last-child]:rounded-b-xl"
    >
      {query.data.map((item) => (
        <li key={item.id} className="relative">
          {children(item)}
        </li>
      ))}
    </ul>
  );
}

export function RowsSkeleton() {
  return (
    <div aria-busy="true" className="divide-y rounded-xl border border-line">
      {[48, 36, 40].map((width) => (
        <div key={width} className="flex h-16 items-center gap-3 px-4">
          <Skeleton className="size-8" />
          <span className="grid flex-1 gap-1.5">
            <Skeleton className="h-3.5 w-40" />
            <Skeleton className="h-3 w-56 max-w-full" />
          </span>
        </div>
      ))}
    </div>
  );
}

interface RowLinkProps {
  to: "/settings/canned" | "/settings/channels" | "/settings/inboxes" | "/settings/users";
  id: number;
  icon: ReactNode;
  title: string;
  text: ReactNode;
  /** States, as chips. */
  marks?: ReactNode;
}

/** A row that opens its thing. */
export function RowLink({ to, id, icon, title, text, marks }: RowLinkProps) {
  return (
    <Link
      to={to}
      search={{ item: id }}
      className="flex min-h-16 items-center gap-3 rounded-[inherit] px-4 py-3 outline-offset-[-2px] hover:bg-surface-2"
    >
      {icon}
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 truncate font-medium">{title}</span>
          {marks}
        </span>
        <span className="block truncate text-fg-3 text-xs">{text}</span>
      </span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-fg-3" />
    </Link>
  );
}

/** The square before a row's words. */
export function RowIcon({ children }: { children: ReactNode }) {
  return (
    <span
      aria-hidden
      className="grid size-8 shrink-0 place-items-center rounded-lg border border-line bg-surface-2 text-fg-2"
    >
      {children}
    </span>
  );
}
