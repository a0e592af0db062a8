import { Skeleton } from "@/ui/Skeleton";

export function ThreadSkeleton() {
  return (
    <div aria-hidden className="appear-late mx-auto grid w-full max-w-190 gap-3 px-6 py-5">
      {[96, 160, 120].map((height) => (
        <div key={height} className="rounded-xl border border-line bg-surface p-4">
          <div className="mb-3 flex gap-2.5">
            <Skeleton className="size-7 rounded-full" />
            <Skeleton className="mt-2 h-3 w-40" />
          </div>
          <div style={{ height }}>
            <Skeleton className="h-3 w-full" />
            <Skeleton className="mt-2 h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
