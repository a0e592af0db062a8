import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/api/me";
import { live } from "@/api/realtime";
import { applySettingsEvent } from "@/features/settings";
import { whenIdle } from "@/lib/idle";

/** Starts the live client once the first page has been painted. */
export function useLive(): void {
  const { user, account, seq } = useMe();
  const queryClient = useQueryClient();
  useEffect(() => live.onEvent((event) => applySettingsEvent(queryClient, event)), [queryClient]);
  useEffect(() => {
    const cancel = whenIdle(() => void live.start(seq));
    const channels = [`user:${user.id}`, `account:${account.id}`];
    const releases = channels.map((channel) => live.subscribe(channel));
    return () => {
      cancel();
      for (const release of releases) release();
    };
  }, [user.id, account.id, seq]);
}
