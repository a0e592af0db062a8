import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { useInboxes, useUsers } from "../model/lookups";
import { type ListFilter, useConversations } from "../model/queries";
import { useInbox } from "../model/state";
import type { Steps } from "../model/use-steps";
import { ListEmpty } from "./ListEmpty";
import { ListSkeleton } from "./ListSkeleton";
import { Row, rowHeight } from "./Row";
import { useHeldPosition } from "./use-held-position";

interface Props {
  filter: ListFilter;
  steps: Steps;
}

/** The virtual list. Clicks are told from the row they hit, so that rows hold no handlers. */
export function ConversationList({ filter, steps }: Props) {
  const { t } = useTranslation(["inbox", "common"]);
  const list = useConversations(filter);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  useEffect(() => steps.setRows(rows), [rows, steps]);
  const selected = useInbox((state) => state.selected);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    useFlushSync: true,
  });
  useHeldPosition(scroller, rows);
  const at = rows.findIndex((row) => row.id === selected);
  // What has left the list leaves the cursor on the row that took its place.
  const active = at >= 0 || selected === undefined ? at : Math.min(steps.place(), rows.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor may scroll the list
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [selected]);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const wanted = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (wanted && lastShown > rows.length - 20) void fetchNextPage();
  }, [lastShown, rows.length, wanted, fetchNextPage]);
  const people = useUsers();
  const inboxes = useInboxes();

  function press(event: MouseEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-id]");
    if (row) steps.open(Number(row.dataset.id));
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") steps.step(1);
    else if (event.key === "ArrowUp") steps.step(-1);
    else if (event.key === "Home") steps.first();
    else if (event.key === "End") steps.last();
    else return;
    event.preventDefault();
  }

  if (list.error && !list.data) {
    const { text, requestId } = describe(list.error);
    return <ErrorState text={text} requestId={requestId} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) return <ListSkeleton />;
  if (rows.length === 0) return <ListEmpty filter={filter} />;
  return (
    <>
      <div
        ref={scroller}
        role="listbox"
        tabIndex={0}
        data-panel-focus
        aria-label={t("list")}
        aria-activedescendant={
          items.some((item) => item.index === active)
            ? `conversation-${rows[active]?.id}`
            : undefined
        }
        aria-busy={list.isPlaceholderData}
        className="relative flex-1 overflow-y-auto outline-none [contain:strict] focus-visible:shadow-[inset_0_0_0_2px_var(--accent)]"
        onClick={press}
        onKeyDown={onKey}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize() + 8 }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const inbox = inboxes.get(row.inbox_id);
            return (
              <Row
                key={item.key}
                row={row}
                top={item.start}
                position={item.index + 1}
                total={hasNextPage ? -1 : rows.length}
                selected={row.id === selected}
                active={item.index === active}
                assignee={row.assignee_id ? people.get(row.assignee_id)?.name : undefined}
                inbox={filter.inbox ? undefined : inbox?.name}
                color={inbox?.color}
              />
            );
          })}
        </div>
      </div>
      {isFetchNextPageError ? (
        <p
          role="alert"
          className="flex items-center gap-2 border-line border-t px-4 py-2 text-danger"
        >
          <span className="flex-1">{t("listMore")}</span>
          <Button size="small" onClick={() => void fetchNextPage()}>
            {t("common:retry")}
          </Button>
        </p>
      ) : null}
    </>
  );
}
