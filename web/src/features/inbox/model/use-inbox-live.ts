import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "@/api/keys";
import { useMe } from "@/api/me";
import { calledIn } from "@/api/names";
import { live } from "@/api/realtime";
import type { LiveEvent } from "@/api/types";
import { announce } from "@/lib/announce";
import { i18n } from "@/lib/i18n";
import { fits } from "@/lib/media";
import { InboxEvents } from "./events";
import { useInboxes } from "./lookups";
import { concerns, useNotifications } from "./notifications";
import { conversationQuery } from "./queries";
import { useInbox } from "./state";

/** What is older than this when it is heard was missed, and is no news any more. */
const newsFor = 60_000;

/** Listens on every inbox that I see, and keeps the caches true. */
export function useInboxLive(): void {
  const client = useQueryClient();
  const me = useMe().user.id;
  const inboxes = useInboxes();
  useEffect(() => {
    const releases = [...inboxes.keys()].map((id) => live.subscribe(`inbox:${id}`));
    return () => {
      for (const release of releases) release();
    };
  }, [inboxes]);
  useEffect(() => {
    const events = new InboxEvents(client);
    const off = live.onEvent((event) => {
      events.receive(event);
      // Whoever may not read it any more hears nothing of it.
      void alertTo(event, me, client).catch(() => undefined);
      if (event.kind.startsWith("contact.")) {
        void client.invalidateQueries({ queryKey: keys.contacts.all });
      }
    });
    return () => {
      events.stop();
      off();
    };
  }, [client, me]);
}

/** Raises an alert for a message that has just come in, where it concerns me. */
async function alertTo(event: LiveEvent, me: number, client: QueryClient): Promise<void> {
  const { on, add } = useNotifications.getState();
  const id = event.conversation_id;
  if (!on || !id || event.kind !== "message.received" || isOld(event)) return;
  const row = await client.fetchQuery({ ...conversationQuery(id), staleTime: 0 });
  if (!concerns(event, row, me, inSight())) return;
  const name = calledIn(row);
  add({ id, name, text: row.subject || row.preview });
  announce(i18n.t("inbox:notifications.arrived", { name }));
}

/** The conversation that the reader can see: beside the list it is in sight as soon as it is selected. */
function inSight(): number | undefined {
  const { selected, open } = useInbox.getState();
  const shown = open || matchMedia(fits.panels).matches;
  return shown && document.visibilityState === "visible" ? selected : undefined;
}

function isOld(event: LiveEvent): boolean {
  return event.at !== undefined && Date.now() - Date.parse(event.at) > newsFor;
}
