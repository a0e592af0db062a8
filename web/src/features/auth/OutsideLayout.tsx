import { Outlet } from "@tanstack/react-router";
import { LiveRegion } from "@/ui/LiveRegion";

/** One card in the middle of the page. */
export function OutsideLayout() {
  return (
    <main id="main" className="grid h-dvh overflow-y-auto px-4 py-8">
      <div className="m-auto w-full max-w-100">
        <img src="/icon.svg" alt="Parley" width={40} height={40} className="mb-6" />
        <Outlet />
      </div>
      <LiveRegion />
    </main>
  );
}
