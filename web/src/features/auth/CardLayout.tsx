import { Outlet } from "@tanstack/react-router";
import { LiveRegion } from "@/ui/LiveRegion";

/** One column in the middle of the page, for everything outside the shell. */
export function CardLayout() {
  return (
    <main id="main" className="grid h-dvh overflow-y-auto px-4 py-10">
      <div className="m-auto w-full max-w-100 sm:rounded-2xl sm:border sm:border-line sm:bg-surface sm:p-8 sm:shadow-s1">
        <img src="/icon.svg" alt="Parley" width={40} height={40} className="mb-6" />
        <Outlet />
      </div>
      <LiveRegion />
    </main>
  );
}
