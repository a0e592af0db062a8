import { useEffect } from "react";
import { useMe } from "@/api/me";
import { live } from "@/api/realtime";

/** Starts the live client once the first page has been painted. */
export function useLive(): void {
  const { user, seq } = useMe();
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
    idle(() => void live.start(seq));
    return live.subscribe(`user:${user.id}`);
  }, [user.id, seq]);
}
