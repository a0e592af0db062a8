import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "@/api/keys";
import { useMe } from "@/api/me";
import { live } from "@/api/realtime";
import { applySettingsEvent } from "@/features/settings";
import { whenIdle } from "@/lib/idle";

/** Starts the live client once the first page has been painted. */
export function useLive(): void {
  const { user, account, seq } = useMe();
  const queryClient = useQueryClient();
  useEffect(() => live.onEvent((event) => applySettingsEvent(queryClient, event)), [queryClient]);
  useEffect(() => whenIdle(() => void live.start(seq)), [seq]);
  useEffect(() => readConfigurationAnew(queryClient), [queryClient]);
  useEffect(() => {
    const channels = [`user:${user.id}`, `account:${account.id}`];
    const releases = channels.map((channel) => live.subscribe(channel));
    return () => {
      for (const release of releases) release();
    };
  }, [user.id, account.id]);
}

/** A server that was away may have come back with other settings, such as a relay, and no event tells of those. */
function readConfigurationAnew(queryClient: QueryClient): () => void {
  let away = false;
  return live.onState(() => {
    if (live.state === "waiting") away = true;
    if (live.state !== "live" || !away) return;
    away = false;
    void queryClient.invalidateQueries({ queryKey: keys.me });
  });
}
