import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { AtSign, Globe, Phone, Search, ShieldCheck } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/nouns";
import { describe } from "@/api/problem";
import type { BlocklistEntry } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { TextField } from "@/ui/TextField";
import { toast, toastUndo } from "@/ui/toast";
import { LoadMore } from "../LoadMore";
import { blocklistQuery, useBlock, useUnblock } from "../model/blocklist";
import { RowIcon, RowsSkeleton } from "../Rows";

/** So many need no search. */
const few = 8;

export function Entries() {
  const { t } = useTranslation(["settings", "common"]);
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const query = useInfiniteQuery(blocklistQuery(q));
  const entries = query.data?.pages.flatMap((page) => page.items);
  const { remove, unblock } = useRemove();
  if (query.error && !entries) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!entries) return <RowsSkeleton />;
  return (
    <div className="grid gap-3">
      {typed || entries.length > few ? (
        <div className="relative">
          <Search
            size={15}
            aria-hidden
            className="absolute top-1/2 left-3 -translate-y-1/2 text-fg-3"
          />
          <TextField
            type="search"
            aria-label={t("blocklist.search")}
            placeholder={t("blocklist.search")}
            className="pl-9"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      ) : null}
      {entries.length > 0 ? (
        <ul
          aria-label={t("blocklist.title")}
          aria-busy={query.isPlaceholderData}
          className="divide-y rounded-xl border border-line"
        >
          {entries.map((entry) => (
            <Entry
              key={entry.id}
              entry={entry}
              busy={unblock.isPending && unblock.variables === entry.id}
              onRemove={() => remove(entry)}
            />
          ))}
        </ul>
      ) : (
        <div className="flex rounded-xl border border-line border-dashed">
          <EmptyState
            icon={<ShieldCheck size={20} />}
            text={q ? t("blocklist.none", { q }) : t("blocklist.empty")}
          />
        </div>
      )}
      <LoadMore query={query} />
    </div>
  );
}

/** Takes an entry off at once; Undo puts it back with its reason. */
function useRemove() {
  const { t } = useTranslation(["settings", "common"]);
  const block = useBlock();
  const unblock = useUnblock();
  const onError = ({ message }: Error) => toast(message, { tone: "danger" });
  const remove = ({ id, value, why }: BlocklistEntry) =>
    unblock.mutate(id, {
      onSuccess: () =>
        toastUndo(t("blocklist.removed", { value }), t("common:undo"), () =>
          block.mutate({ value, why }, { onError }),
        ),
      onError,
    });
  return { remove, unblock };
}

const icons = { email: AtSign, domain: Globe, phone: Phone };

interface EntryProps {
  entry: BlocklistEntry;
  busy: boolean;
  onRemove: () => void;
}

function Entry({ entry, busy, onRemove }: EntryProps) {
  const { t } = useTranslation("settings");
  const users = useQuery(usersQuery).data;
  const { value, why, contact, kind } = entry;
  const Icon = icons[kind];
  const by = users?.find((user) => user.id === entry.by_id)?.name;
  const name = by ?? (users ? t("blocklist.somebody") : "…");
  return (
    <li className="flex min-h-16 items-start gap-3 px-4 py-3">
      <RowIcon>
        <Icon size={16} />
      </RowIcon>
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p className="flex flex-wrap gap-x-2">
          <span className="font-medium">{kind === "domain" ? `@${value}` : value}</span>
          {contact?.name ? <span className="text-fg-2">{contact.name}</span> : null}
        </p>
        <p className="text-fg-3 text-xs">
          {t("blocklist.by", { name, when: dateTime(entry.at) })}
          {why ? `: ${why}` : null}
        </p>
      </div>
      <Button
        size="small"
        busy={busy}
        aria-label={t("blocklist.removeName", { value })}
        onClick={onRemove}
      >
        {t("blocklist.remove")}
      </Button>
    </li>
  );
}
