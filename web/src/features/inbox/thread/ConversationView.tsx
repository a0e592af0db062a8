import { SearchX } from "lucide-react";
import { Suspense, useDeferredValue, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, describe } from "@/api/problem";
import { live } from "@/api/realtime";
import type { Conversation } from "@/api/types";
import { ContactPanel } from "@/features/contacts";
import { fits, useMedia } from "@/lib/media";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { useConversation } from "../model/queries";
import { useInbox } from "../model/state";
import { useMarkRead } from "../model/use-reading";
import { Reply } from "./Reply";
import { SpamBanner } from "./SpamBanner";
import { Thread } from "./Thread";
import { ThreadHeader } from "./ThreadHeader";
import { ThreadSkeleton } from "./ThreadSkeleton";

interface Props {
  id: number;
  /** Goes to the next row; "close and next". */
  onNext: () => void;
}

/** The thread and the contact of the selected conversation, a moment behind the cursor. */
export function ConversationView({ id, onNext }: Props) {
  const { t } = useTranslation("inbox");
  const shown = useDeferredValue(id);
  const { data, error, refetch } = useConversation(shown);
  const open = useInbox((state) => state.open);
  useMarkRead(data, open && shown === id);
  useListening(data);
  useMerged(data);
  return (
    <>
      <section
        aria-label={t("thread.label")}
        aria-busy={shown !== id}
        data-panel
        tabIndex={-1}
        className="flex min-w-0 flex-1 flex-col bg-surface-2 outline-none"
      >
        <Content data={data} error={error} onRetry={() => void refetch()} onNext={onNext} />
      </section>
      {data && !isGone(error) ? <Contact conversation={data} /> : null}
    </>
  );
}

interface ContentProps extends Pick<Props, "onNext"> {
  data: Conversation | undefined;
  error: unknown;
  onRetry: () => void;
}

function Content({ data, error, onRetry, onNext }: ContentProps) {
  const { t } = useTranslation("inbox");
  const backToList = useInbox((state) => state.backToList);
  const select = useInbox((state) => state.select);
  if (isGone(error)) {
    const leave = () => {
      backToList();
      select(undefined);
    };
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        text={t("thread.gone")}
        action={<Button onClick={leave}>{t("thread.toList")}</Button>}
      />
    );
  }
  if (error && !data) {
    const { text, requestId } = describe(error);
    return (
      <ErrorState
        title={t("thread.failed")}
        text={text}
        {...(requestId ? { requestId } : {})}
        onRetry={onRetry}
      />
    );
  }
  if (!data) return <ThreadSkeleton />;
  return (
    <>
      <ThreadHeader key={`header${data.id}`} conversation={data} onNext={onNext} />
      <SpamBanner conversation={data} />
      <Thread key={data.id} conversation={data} />
      <Reply key={`reply${data.id}`} conversation={data} />
    </>
  );
}

/** Moved to where I don't see it, or deleted, perhaps while it was open. */
function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "not_found";
}

function Contact({ conversation }: { conversation: Conversation }) {
  const { panel, sheet, setPanel, setSheet, openThread } = useInbox();
  const beside = useMedia(fits.all);
  if (!(beside ? panel : sheet)) return null;
  return (
    <Suspense fallback={beside ? <div className="w-72 shrink-0 border-line border-l" /> : null}>
      <ContactPanel
        conversation={conversation}
        onOpen={(id) => openThread(id)}
        onHide={() => (beside ? setPanel(false) : setSheet(false))}
      />
    </Suspense>
  );
}

/** Hears of the open conversation also where its inbox is not one of mine to listen to. */
function useListening(conversation: Conversation | undefined): void {
  const id = conversation?.id;
  useEffect(() => (id === undefined ? undefined : live.subscribe(`conversation:${id}`)), [id]);
}

/** What was merged lives on in the other. */
function useMerged(conversation: Conversation | undefined): void {
  const openThread = useInbox((state) => state.openThread);
  const into = conversation?.merged_into_id;
  const id = conversation?.id;
  useEffect(() => {
    if (into && useInbox.getState().selected === id) openThread(into);
  }, [into, id, openThread]);
}
