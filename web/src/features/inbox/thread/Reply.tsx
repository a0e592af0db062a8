import { useQuery } from "@tanstack/react-query";
import { PencilLine, Reply as ReplyIcon, StickyNote } from "lucide-react";
import { type ReactNode, Suspense, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, phoneState } from "@/api/contacts";
import { useMay } from "@/api/me";
import { calledIn } from "@/api/names";
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
import { OptedOut } from "@/features/contacts";
import { useHotkey } from "@/lib/hotkeys";
import { whenIdle } from "@/lib/idle";
import { HotkeyKbd } from "@/ui/Kbd";
import { useTimeline } from "../model/queries";
import { useInbox } from "../model/state";
import { useFiled } from "../model/use-filed";
import { ChannelOff } from "./ChannelOff";

/** The foot of a thread: two bars that become the composer. */
export function Reply({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const { composer, rewrite, about, compose, backToList, select, openThread } = useInbox();
  const write = useMay("write");
  const annotate = useMay("annotate");
  const off = conversation.channel_off;
  const canSend = write && !conversation.contact.blocked && !off;
  const mail = conversation.channel_type === "email";
  const { items, older } = useItems(conversation.id);
  const filed = useFiled(conversation.id);
  const start = (mode: ComposerMode) => (event?: Event) => {
    event?.preventDefault();
    compose(mode);
  };
  useHotkey("reply", start("reply"), canSend);
  useHotkey("reply_all", start("reply_all"), canSend && mail && !conversation.draft);
  useHotkey("forward", start("forward"), canSend && mail && !conversation.draft);
  useHotkey("note", start("note"), annotate && !conversation.draft);
  // A new conversation is nothing but its composer.
  const mode = composer ?? (conversation.draft ? "reply" : undefined);
  const leave = () => {
    backToList();
    select(undefined);
  };
  const close = conversation.draft ? leave : () => compose(undefined);
  const locked = off && mode !== "note" && !conversation.draft;
  if (!mode || locked)
    return <Bars conversation={conversation} canSend={canSend} canNote={annotate} />;
  return (
    <div className="mx-auto flex max-h-[75%] w-full max-w-190 shrink-0 flex-col gap-2 px-3 pt-1 pb-3 md:px-6 md:pb-4">
      {off && conversation.draft ? <ChannelOff conversation={conversation} why={off} /> : null}
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
  const { compose, resume } = useInbox();
  const draft = useDraftPreview(conversation.id);
  const begun = draft.reply && canSend ? "reply" : draft.note && canNote ? "note" : undefined;
  useEffect(() => {
    if (resume && begun) compose(begun);
  }, [resume, begun, compose]);
  useEffect(() => whenIdle(() => void Promise.all([loadComposer(), loadNewConversation()])), []);
  const out = useOptedOut(conversation);
  const off = conversation.channel_off;
  const note = canNote ? <NoteBar draft={draft.note} /> : null;
  if (off) {
    return (
      <Locked note={note}>
        <ChannelOff conversation={conversation} why={off} draft={draft.reply} />
      </Locked>
    );
  }
  if (out) {
    return (
      <Locked note={note}>
        <Suspense fallback={<div className="h-15 rounded-lg bg-warn-soft" />}>
          <OptedOut {...out} />
        </Suspense>
      </Locked>
    );
  }
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
      {note}
    </div>
  );
}

function NoteBar({ draft }: { draft: string }) {
  const { t } = useTranslation("inbox");
  const compose = useInbox((state) => state.compose);
  const Icon = draft ? PencilLine : StickyNote;
  return (
    <button type="button" onClick={() => compose("note")} className={`${barClass} shrink-0`}>
      <Icon size={15} aria-hidden className={draft ? "text-accent-text" : undefined} />
      <span>{t("reply.note")}</span>
      <span className="hidden sm:inline">
        <HotkeyKbd id="note" />
      </span>
    </button>
  );
}

/** The number of a conversation by text, where it has opted out. */
function useOptedOut(conversation: Conversation) {
  const { contact, phone = contact.phone, channel_type: type } = conversation;
  const person = useQuery({ ...contactQuery(contact.id), enabled: type === "sms" });
  const at = phoneState(person.data, phone)?.opted_out_at;
  return type === "sms" && at ? { contact: contact.id, phone, at } : undefined;
}

/** In place of the reply: why there can be none. Notes can be written all the same. */
function Locked({ note, children }: { note: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-190 shrink-0 flex-col items-stretch gap-2 px-3 pt-1 pb-3 sm:flex-row sm:items-start md:px-6 md:pb-4">
      <div className="min-w-0 flex-1">{children}</div>
      {note}
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
  const name = calledIn(conversation);
  const text = contact.blocked
    ? t("reply.blocked")
    : !canSend
      ? t("reply.readOnly")
      : draft
        ? t("reply.draft", { text: draft })
        : t("reply.to", { name });
  return <span className="truncate">{text}</span>;
}
