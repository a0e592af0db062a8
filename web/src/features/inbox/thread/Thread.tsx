import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { senderOf } from "@/api/names";
import { describe } from "@/api/problem";
import type { Conversation, TimelineItem } from "@/api/types";
import { announce } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { useTimeline } from "../model/queries";
import { type Folded, foldReports, startsFirst } from "../model/timeline";
import { EventLine } from "./EventLine";
import { MessageCard } from "./MessageCard";
import { NoteCard } from "./NoteCard";
import { OptOutHint } from "./OptOutHint";
import { ReportLine } from "./ReportLine";
import { TextBubble } from "./TextBubble";
import { ThreadSkeleton } from "./ThreadSkeleton";

/** The timeline: messages, notes and events, the newest at the bottom and in sight. */
export function Thread({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const timeline = useTimeline(conversation.id);
  const items = useMemo(
    () =>
      timeline.data &&
      startsFirst(timeline.data.pages.flatMap((page) => page.items as TimelineItem[]).reverse()),
    [timeline.data],
  );
  const scroller = useRef<HTMLDivElement>(null);
  useBottom(scroller, items);
  useSpokenArrivals(items, conversation.contact);
  if (timeline.error && !items) {
    const { text, requestId } = describe(timeline.error);
    return (
      <ErrorState
        text={text}
        {...(requestId ? { requestId } : {})}
        onRetry={() => void timeline.refetch()}
      />
    );
  }
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and may hold nothing that takes the focus
      tabIndex={0}
      data-thread
      data-panel-focus
      aria-label={t("thread.history")}
      className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none] focus-visible:shadow-[inset_0_0_0_2px_var(--accent)] focus-visible:outline-none"
    >
      {items ? (
        <div className="mx-auto w-full max-w-190 px-3 py-5 md:px-6">
          {timeline.hasNextPage ? (
            <div className="mb-4 flex justify-center">
              <Button
                look="outline"
                size="small"
                busy={timeline.isFetchingNextPage}
                onClick={() => void timeline.fetchNextPage()}
              >
                {t("thread.earlier")}
              </Button>
            </div>
          ) : null}
          {conversation.draft ? <p className="text-center text-fg-3">{t("thread.first")}</p> : null}
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-3" aria-label={t("thread.messages")}>
            {foldReports(items).map(({ item, mail, message }) => (
              <Item
                key={`${item.kind}${item.id}`}
                item={item}
                mail={mail}
                message={message}
                texting={conversation.channel_type === "sms" ? conversation.contact : undefined}
              />
            ))}
          </ol>
          <OptOutHint conversation={conversation} items={items} />
        </div>
      ) : (
        <ThreadSkeleton />
      )}
    </section>
  );
}

/** By text, and with whom: those messages are bubbles. */
type ItemProps = Folded & { texting: Conversation["contact"] | undefined };

function Item({ item, mail, message, texting }: ItemProps) {
  if (item.kind === "message") {
    if (!texting) return <MessageCard message={item} />;
    return <TextBubble message={item} contact={texting} />;
  }
  if (item.kind === "note") return <NoteCard note={item} />;
  if (mail) return <ReportLine item={item} mail={mail} message={message} />;
  return <EventLine item={item} />;
}

/**
 * A conversation opens at its end and stays there while the reader is there,
 * also when mails grow as they load. Earlier pages keep what is read in place.
 */
function useBottom(
  scroller: React.RefObject<HTMLDivElement | null>,
  items: readonly TimelineItem[] | undefined,
): void {
  const atEnd = useRef(true);
  const height = useRef(0);
  const first = useRef<string>(undefined);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
      height.current = element.scrollHeight;
    };
    const follow = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
      height.current = element.scrollHeight;
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    if (element.firstElementChild) follow.observe(element.firstElementChild);
    follow.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      follow.disconnect();
    };
  });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !items) return;
    const start = items[0] ? `${items[0].kind}${items[0].id}` : "";
    const earlier = first.current !== undefined && first.current !== start && !atEnd.current;
    if (earlier) element.scrollTop += element.scrollHeight - height.current;
    else if (atEnd.current) element.scrollTop = element.scrollHeight;
    first.current = start;
    height.current = element.scrollHeight;
  }, [items, scroller]);
}

/** One polite line for what arrives while the thread is open. */
function useSpokenArrivals(
  items: readonly TimelineItem[] | undefined,
  contact: Conversation["contact"],
): void {
  const { t } = useTranslation("inbox");
  const newest = useRef<number>(undefined);
  useEffect(() => {
    if (!items) return;
    const messages = items.filter((item) => item.kind === "message");
    const last = messages.at(-1);
    const known = newest.current;
    newest.current = last?.id ?? 0;
    if (known === undefined || !last || last.id === known) return;
    if (last.direction === "inbound") {
      announce(t("thread.arrived", { name: senderOf(last, contact) }));
    }
  }, [items, contact, t]);
}
