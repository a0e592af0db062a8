import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import {
  AtSign,
  CalendarClock,
  CheckCheck,
  CircleAlert,
  Inbox,
  MailOpen,
  PencilLine,
  PenSquare,
  ShieldBan,
  UserRound,
  Users,
} from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { useHotkey } from "@/lib/hotkeys";
import { Dot } from "@/ui/Chip";
import { IconButton } from "@/ui/IconButton";
import { Sidebar } from "@/ui/Workspace";
import { useInboxes } from "../model/lookups";
import { useCounts } from "../model/queries";
import { defaultView, type View, viewHotkeys, views } from "../model/views";

const NotificationsSwitch = lazy(() =>
  import("./NotificationsSwitch").then((file) => ({ default: file.NotificationsSwitch })),
);

const icons = {
  my_unread: MailOpen,
  my_open: UserRound,
  unassigned: Users,
  all_open: Inbox,
  mentions: AtSign,
  drafts: PencilLine,
  scheduled: CalendarClock,
  failed: CircleAlert,
  closed: CheckCheck,
  spam: ShieldBan,
} as const;

const rowClass =
  "flex h-7.5 items-center gap-2.5 rounded-lg px-2 text-fg-2 hover:bg-hover aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg touch:h-11";

/** The views, and the inboxes to filter them by. */
export function ViewsNav({ onCompose }: { onCompose: () => void }) {
  const { t } = useTranslation("inbox");
  const { account } = useMe();
  const search = useSearch({ from: "/signed-in/shell/inbox" });
  const view = search.view ?? defaultView;
  const inboxes = useInboxes();
  const counts = useCounts(search.inbox);
  const countOf = (name: View) => counts.data?.items.find((item) => item.view === name);
  return (
    <Sidebar label={t("nav.label")}>
      <div className="flex h-8 items-center justify-between pr-1 pl-2">
        <strong className="truncate font-semibold text-base">{account.name}</strong>
        <IconButton
          label={t("new.title")}
          hotkey="compose"
          icon={<PenSquare size={16} aria-hidden />}
          onClick={onCompose}
        />
      </div>
      <div className="mt-3 min-h-17 border-line border-b px-2 pb-3">
        <Suspense fallback={null}>
          <NotificationsSwitch />
        </Suspense>
      </div>
      <nav aria-label={t("nav.views")} className="mt-2">
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-px">
          {views.map((name) => {
            const Icon = icons[name];
            const count = countOf(name);
            return (
              <li key={name}>
                <Link
                  to="/inbox"
                  search={(old) => ({ ...old, view: name, c: undefined, q: undefined })}
                  aria-current={name === view ? "page" : "false"}
                  className={rowClass}
                >
                  <Icon size={15} strokeWidth={1.9} aria-hidden />
                  <span className="flex-1 truncate">{t(`view.${name}`)}</span>
                  {count && count.count > 0 && name !== "closed" && name !== "spam" ? (
                    <span className="font-medium text-2xs text-fg-2 tabular-nums">
                      {count.capped ? "1,000+" : count.count}
                    </span>
                  ) : null}
                </Link>
              </li>
            );
          })}
        </ul>
        {inboxes.size > 0 ? (
          <>
            <h2 className="mt-5 mb-1 px-2 font-medium text-2xs text-fg-3">{t("nav.inboxes")}</h2>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-px">
              {[...inboxes.values()].map((inbox) => (
                <li key={inbox.id}>
                  <Link
                    to="/inbox"
                    search={(old) => ({
                      ...old,
                      inbox: search.inbox === inbox.id ? undefined : inbox.id,
                      c: undefined,
                    })}
                    aria-current={search.inbox === inbox.id ? "page" : "false"}
                    className={rowClass}
                  >
                    <span className="grid size-[15px] place-items-center">
                      <Dot color={inbox.color} />
                    </span>
                    <span className="flex-1 truncate">{inbox.name}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </nav>
    </Sidebar>
  );
}

/** Every view by its keys. */
export function useViewHotkeys(): void {
  const navigate = useNavigate();
  const go = (view: View) => () => void navigate({ to: "/inbox", search: { view } });
  useHotkey(viewHotkeys.my_unread, go("my_unread"));
  useHotkey(viewHotkeys.my_open, go("my_open"));
  useHotkey(viewHotkeys.unassigned, go("unassigned"));
  useHotkey(viewHotkeys.all_open, go("all_open"));
  useHotkey(viewHotkeys.mentions, go("mentions"));
  useHotkey(viewHotkeys.drafts, go("drafts"));
  useHotkey(viewHotkeys.scheduled, go("scheduled"));
  useHotkey(viewHotkeys.failed, go("failed"));
  useHotkey(viewHotkeys.closed, go("closed"));
  useHotkey(viewHotkeys.spam, go("spam"));
}
