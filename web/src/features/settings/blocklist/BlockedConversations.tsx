import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { describe } from "@/api/problem";
import type { Conversation } from "@/api/types";
import { shortTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { toast, toastUndo } from "@/ui/toast";
import { LoadMore } from "../LoadMore";
import { blockedQuery, useMarkSpam } from "../model/blocklist";
import { RowsSkeleton } from "../Rows";

/** Select, and mark as not spam: each comes back to its status, inbox and assignee. */
export function BlockedConversations() {
  const { t } = useTranslation(["settings", "common"]);
  const query = useInfiniteQuery(blockedQuery);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const mark = useMarkSpam();
  const rows = query.data?.pages.flatMap((page) => page.items);
  if (query.error && !rows) {
    return (
      <div className="flex rounded-xl border border-line">
        <ErrorState {...describe(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!rows) return <RowsSkeleton />;
  if (rows.length === 0) {
    return (
      <div className="flex rounded-xl border border-line border-dashed">
        <EmptyState icon={<ShieldCheck size={20} />} text={t("blocklist.noConversations")} />
      </div>
    );
  }
  const choose = (id: number, is: boolean) =>
    setChosen((old) => new Set(is ? [...old, id] : [...old].filter((one) => one !== id)));
  return (
    <>
      <div className="rounded-xl border border-line">
        <Bar rows={rows} chosen={chosen} onChoose={setChosen} mark={mark} />
        <ul aria-label={t("blocklist.conversations")} className="divide-y border-t">
          {rows.map((row) => (
            <li key={row.id} className="flex items-start gap-3 px-4 py-2">
              <div className="min-w-0 flex-1">
                <Checkbox
                  label={
                    <span className="font-medium [overflow-wrap:anywhere]">{nameOf(row)}</span>
                  }
                  hint={row.subject || row.preview}
                  checked={chosen.has(row.id)}
                  onChange={(is) => choose(row.id, is)}
                />
              </div>
              <span className="shrink-0 py-1 text-fg-3 text-xs tabular-nums">
                {row.last_message_at ? shortTime(row.last_message_at) : null}
              </span>
              <Link
                to="/inbox"
                search={{ view: "spam", c: row.id }}
                aria-label={t("blocklist.openName", { number: row.number })}
                className="shrink-0 rounded py-1 text-accent-text text-xs hover:underline touch:py-3.5"
              >
                {t("blocklist.open")}
              </Link>
            </li>
          ))}
        </ul>
      </div>
      <LoadMore query={query} />
    </>
  );
}

interface BarProps {
  rows: readonly Conversation[];
  chosen: ReadonlySet<number>;
  onChoose: (chosen: ReadonlySet<number>) => void;
  mark: ReturnType<typeof useMarkSpam>;
}

function Bar({ rows, chosen, onChoose, mark }: BarProps) {
  const { t } = useTranslation(["settings", "common"]);
  const write = useMay("write");
  const picked = rows.filter(({ id }) => chosen.has(id));
  const fail = ({ message }: Error) => toast(message, { tone: "danger" });
  const restore = () =>
    mark.mutate(
      { rows: picked, spam: false },
      {
        onSuccess: () => {
          onChoose(new Set());
          const undo = () => mark.mutate({ rows: picked, spam: true }, { onError: fail });
          toastUndo(t("blocklist.restored", { count: picked.length }), t("common:undo"), undo);
        },
        onError: fail,
      },
    );
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-1">
      <Checkbox
        label={
          picked.length > 0 ? t("blocklist.chosen", { count: picked.length }) : t("blocklist.all")
        }
        checked={picked.length === rows.length}
        mixed={picked.length > 0 && picked.length < rows.length}
        onChange={(is) => onChoose(new Set(is ? rows.map(({ id }) => id) : []))}
      />
      {write ? (
        <Button size="small" disabled={picked.length === 0} busy={mark.isPending} onClick={restore}>
          {t("blocklist.notSpam")}
        </Button>
      ) : null}
    </div>
  );
}

function nameOf({ contact }: Conversation): string {
  return contact.name || contact.email || contact.phone;
}
