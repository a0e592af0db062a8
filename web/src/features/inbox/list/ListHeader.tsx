import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, ListFilter as FilterIcon, PenSquare, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHotkey } from "@/lib/hotkeys";
import { fits, useMedia } from "@/lib/media";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuChoice } from "@/ui/Menu";
import { SidebarButton } from "@/ui/Workspace";
import { useInboxes } from "../model/lookups";
import type { ListFilter } from "../model/queries";
import { type Sort, sorts, type View, views } from "../model/views";

/** View, order, inbox and search: the four things that a list is chosen by. */
export function ListHeader({ filter, onCompose }: { filter: ListFilter; onCompose: () => void }) {
  const { t } = useTranslation("inbox");
  const navigate = useNavigate({ from: "/inbox" });
  const inboxes = useInboxes();
  const sidebar = useMedia(fits.sidebar);
  const all = "all";
  const change = (next: { view?: View; sort?: Sort; inbox?: number | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...next, c: undefined }), replace: true });
  return (
    <header className="shrink-0">
      <div className="flex h-12 items-center gap-0.5 pr-2 pl-4">
        <SidebarButton />
        <h1 className="min-w-0 truncate font-semibold text-lg">
          <Menu
            align="start"
            trigger={
              <button
                type="button"
                className="inline-flex max-w-full items-center gap-1 rounded-md hover:bg-hover touch:h-11"
              >
                <span className="truncate">{t(`view.${filter.view}`)}</span>
                <ChevronDown size={14} aria-hidden className="shrink-0 text-fg-3" />
              </button>
            }
          >
            <MenuChoice
              label={t("nav.views")}
              value={filter.view}
              options={views.map((value) => ({ value, label: t(`view.${value}`) }))}
              onChange={(view) => change({ view })}
            />
          </Menu>
        </h1>
        <span className="flex-1" />
        <Menu
          align="end"
          trigger={
            <Button
              look="ghost"
              size="small"
              aria-label={t("sort.label", { sort: t(`sort.${filter.sort}`) })}
            >
              {t(`sort.short.${filter.sort}`)}
              <ChevronDown size={13} aria-hidden />
            </Button>
          }
        >
          <MenuChoice
            label={t("sort.title")}
            value={filter.sort}
            options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
            onChange={(sort) => change({ sort })}
          />
        </Menu>
        <Menu
          align="end"
          trigger={
            <IconButton
              label={t("filter.label")}
              icon={<FilterIcon size={15} aria-hidden />}
              aria-pressed={filter.inbox !== undefined}
            />
          }
        >
          <MenuChoice
            label={t("filter.inbox")}
            value={filter.inbox ? String(filter.inbox) : all}
            options={[
              { value: all, label: t("filter.all") },
              ...[...inboxes.values()].map((inbox) => ({
                value: String(inbox.id),
                label: inbox.name,
              })),
            ]}
            onChange={(value) => change({ inbox: value === all ? undefined : Number(value) })}
          />
        </Menu>
        {sidebar ? null : (
          <IconButton
            label={t("new.title")}
            hotkey="compose"
            icon={<PenSquare size={16} aria-hidden />}
            onClick={onCompose}
          />
        )}
      </div>
      <SearchBox filter={filter} />
    </header>
  );
}

/** Searches within the view and filter, as one types. */
function SearchBox({ filter }: { filter: ListFilter }) {
  const { t } = useTranslation("inbox");
  const navigate = useNavigate({ from: "/inbox" });
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter.q ?? "");
  useHotkey("search", (event) => {
    event?.preventDefault();
    input.current?.focus();
    input.current?.select();
  });
  // Another view clears the search from outside.
  useEffect(() => {
    if (!filter.q) setText("");
  }, [filter.q]);
  useEffect(() => {
    const q = text.trim();
    if (q === (filter.q ?? "")) return;
    const timer = setTimeout(
      () =>
        void navigate({
          search: ({ q: _, ...rest }) => (q ? { ...rest, q } : rest),
          replace: true,
        }),
      150,
    );
    return () => clearTimeout(timer);
  }, [text, filter.q, navigate]);
  return (
    <div className="relative px-3 pb-2">
      <Search
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-2 left-5.5 text-fg-3 touch:top-3.5"
      />
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={200}
        aria-label={t("search.label", { view: t(`view.${filter.view}`) })}
        placeholder={t("search.placeholder")}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (text) setText("");
          else input.current?.blur();
        }}
        className="h-8 w-full rounded-lg border border-line-2 bg-surface-2 pr-8 pl-8 text-sm outline-none focus-visible:outline-2 focus-visible:outline-accent touch:h-11 [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button
          type="button"
          aria-label={t("search.clear")}
          onClick={() => setText("")}
          className="absolute top-1 right-4 grid size-6 place-items-center rounded-md text-fg-2 hover:bg-hover touch:top-0 touch:size-11"
        >
          <X size={14} aria-hidden />
        </button>
      ) : null}
    </div>
  );
}
