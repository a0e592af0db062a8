import { useQuery } from "@tanstack/react-query";
import { Unplug } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/contacts";
import { useMay } from "@/api/me";
import { calledIn } from "@/api/names";
import type { Conversation } from "@/api/types";
import { NewConversation } from "@/features/composer";
import { Button } from "@/ui/Button";
import { useInbox } from "../model/state";

interface Props {
  conversation: Conversation;
  why: NonNullable<Conversation["channel_off"]>;
  /** The beginning of what was written before. */
  draft?: string;
}

/** Nothing leaves by a channel that is off: says so before anybody writes, and leads to another one. */
export function ChannelOff({ conversation, why, draft }: Props) {
  const { t } = useTranslation("inbox");
  const write = useMay("write");
  const openThread = useInbox((state) => state.openThread);
  const contact = useQuery(contactQuery(conversation.contact.id)).data;
  const [starting, setStarting] = useState(false);
  return (
    <section
      aria-label={t(`channelOff.${why}`)}
      className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg bg-warn-soft px-3.5 py-3 text-warn"
    >
      <Unplug size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-56 flex-1 [overflow-wrap:anywhere]">
        <p className="font-medium">{t(`channelOff.${why}`)}</p>
        <p className="text-fg-2 text-xs">
          {t("channelOff.another", { name: calledIn(conversation) })}
        </p>
        {draft ? (
          <p className="mt-1 text-fg text-xs">{t("channelOff.draft", { text: draft })}</p>
        ) : null}
      </div>
      {write && contact && !contact.blocked ? (
        <Button size="small" onClick={() => setStarting(true)}>
          {t("channelOff.start")}
        </Button>
      ) : null}
      {starting && contact ? (
        <Suspense fallback={null}>
          <NewConversation
            contact={contact}
            onClose={() => setStarting(false)}
            onStarted={(id) => openThread(id, "reply")}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
