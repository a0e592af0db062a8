import { useEffect } from "react";
import { useMe } from "@/api/me";
import { live } from "@/api/realtime";
import { whenIdle } from "@/lib/idle";

/** Starts the live client once the first page has been painted. */
export function useLive(): void {
  const { user, seq } = useMe();
  useEffect(() => {
    const cancel = whenIdle(() => void live.start(seq));
    const release = live.subscribe(`user:${user.id}`);
    return () => {
      cancel();
      release();
    };
  }, [user.id, seq]);
}
