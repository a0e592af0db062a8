import { PencilLine, Reply as ReplyIcon, StickyNote } from "lucide-react";
import { Suspense, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { Conversation, TimelineItem } from "@/api/types";
import {
  Composer,
  type ComposerMode,
  loadComposer,
  loadNewConversation,
  StandIn,
  slotOf,
  typedName,
  useDraftPreview,
} from "@/features/composer";
import { useHotkey } from "@/lib/hotkeys";
import { whenIdle } from "@/lib/idle";
import { HotkeyKbd } from "@/ui/Kbd";
import { useTimeline } from "../model/queries";
import { useInbox } from "../model/state";
import { useFiled } from "../model/use-filed";

/** The foot of a thread: two bars that become the composer. */
export function Reply({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const { composer, rewrite, about, compose, backToList, select, openThread } = useInbox();
  const write = useMay("write");
  const annotate = useMay("annotate");
  const canSend = write && !conversation.contact.blocked;
  const { items, older } = useItems(conversation.id);
  const filed = useFiled(conversation.id);
  const start = (mode: ComposerMode) => (event?: Event) => {
    event?.preventDefault();
    compose(mode);
  };
  useHotkey("reply", start("reply"), canSend);
  useHotkey("reply_all", start("reply_all"), canSend && !conversation.draft);
  useHotkey("forward", start("forward"), canSend && !conversation.draft);
  useHotkey("note", start("note"), annotate && !conversation.draft);
  // A new conversation is nothing but its composer.
  const mode = composer ?? (conversation.draft ? "reply" : undefined);
  const leave = () => {
    backToList();
    select(undefined);
  };
  const close = conversation.draft ? leave : () => compose(undefined);
  if (!mode) return <Bars conversation={conversation} canSend={canSend} canNote={annotate} />;
  return (
    <div className="mx-auto flex max-h-[75%] w-full max-w-190 shrink-0 flex-col px-3 pt-1 pb-3 md:px-6 md:pb-4">
      <Suspense
        fallback={
          <StandIn
            name={typedName(conversation.id, slotOf(mode))}
            label={t(mode === "note" ? "reply.textNote" : "reply.text")}
            note={mode === "note"}
            onClose={close}
          />
        }
      >
        <Composer
          key={rewrite}
          conversation={conversation}
          items={items}
          older={older}
          mode={mode}
          rewrite={rewrite}
          about={about}
          canSend={canSend}
          onMode={(next) => {
            if (useInbox.getState().selected === conversation.id) compose(next);
          }}
          onClose={close}
          onDone={(item, closed) => {
            compose(undefined);
            filed(item, closed);
          }}
          onDiscarded={leave}
          onReopen={(id) => openThread(id, "reply")}
        />
      </Suspense>
    </div>
  );
}

/** The timeline as far as it is loaded, oldest first, and the way to the rest. */
function useItems(id: number) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useTimeline(id);
  const items = useMemo(
    () => data?.pages.flatMap((page) => page.items as TimelineItem[]).reverse(),
    [data],
  );
  const load = () => void fetchNextPage();
  return { items, older: hasNextPage ? { busy: isFetchingNextPage, load } : undefined };
}

const barClass =
  "flex h-11 items-center gap-2 rounded-xl border border-line-2 bg-surface px-3.5 text-left text-fg-3 shadow-s1 hover:border-control disabled:opacity-60 disabled:hover:border-line-2";

interface BarProps {
  conversation: Conversation;
  canSend: boolean;
  canNote: boolean;
}

function Bars({ conversation, canSend, canNote }: BarProps) {
  const { t } = useTranslation("inbox");
  const compose = useInbox((state) => state.compose);
  const draft = useDraftPreview(conversation.id);
  useEffect(() => whenIdle(() => void Promise.all([loadComposer(), loadNewConversation()])), []);
  return (
    <div className="mx-auto flex w-full max-w-190 shrink-0 gap-2 px-3 pt-1 pb-3 md:px-6 md:pb-4">
      <button
        type="button"
        disabled={!canSend}
        onClick={() => compose("reply")}
        className={`${barClass} min-w-0 flex-1`}
      >
        {draft.reply && canSend ? (
          <PencilLine size={16} aria-hidden className="shrink-0 text-accent-text" />
        ) : (
          <ReplyIcon size={16} aria-hidden className="shrink-0" />
        )}
        <BarText conversation={conversation} canSend={canSend} draft={draft.reply} />
        <span className="ml-auto hidden sm:inline">
          <HotkeyKbd id="reply" />
        </span>
      </button>
      {canNote ? (
        <button type="button" onClick={() => compose("note")} className={barClass}>
          {draft.note ? (
            <PencilLine size={15} aria-hidden className="text-accent-text" />
          ) : (
            <StickyNote size={15} aria-hidden />
          )}
          <span>{t("reply.note")}</span>
          <span className="hidden sm:inline">
            <HotkeyKbd id="note" />
          </span>
        </button>
      ) : null}
    </div>
  );
}

interface TextProps {
  conversation: Conversation;
  canSend: boolean;
  draft: string;
}

function BarText({ conversation, canSend, draft }: TextProps) {
  const { t } = useTranslation("inbox");
  const { contact } = conversation;
  const name = contact.name || contact.email || contact.phone;
  const text = contact.blocked
    ? t("reply.blocked")
    : !canSend
      ? t("reply.readOnly")
      : draft
        ? t("reply.draft", { text: draft })
        : t("reply.to", { name });
  return <span className="truncate">{text}</span>;
}
