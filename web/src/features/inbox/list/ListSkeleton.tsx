import { Skeleton } from "@/ui/Skeleton";
import { rowHeight } from "./Row";

/** Rows that are not there yet, in the geometry of those that will be. */
export function ListSkeleton() {
  return (
    <div aria-hidden className="appear-late flex-1 overflow-hidden">
      {[0, 1, 2, 3, 4, 5, 6, 7].map((index) => (
        <div key={index} className="flex gap-3 px-4.5 py-2.5" style={{ height: rowHeight }}>
          <Skeleton className="size-8 shrink-0 rounded-full" />
          <div className="grid flex-1 content-start gap-2 pt-1">
            <Skeleton className="h-3 w-32" />
            <Skeleton className="h-3 w-full" />
            <Skeleton className="h-3 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
