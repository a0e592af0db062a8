import { Link, useNavigate } from "@tanstack/react-router";
import {
  AtSign,
  CalendarClock,
  CircleCheck,
  Inbox,
  PencilLine,
  SearchX,
  ShieldBan,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { Button, buttonClass } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { useChannels } from "../model/lookups";
import type { ListFilter } from "../model/queries";

/** Why there is nothing here, and one thing to do about it. */
export function ListEmpty({ filter }: { filter: ListFilter }) {
  const { t } = useTranslation("inbox");
  const navigate = useNavigate({ from: "/inbox" });
  const settings = useMay("settings");
  const channels = useChannels();
  if (filter.q) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        text={t("empty.search", { q: filter.q })}
        action={
          <Button
            look="outline"
            onClick={() => void navigate({ search: ({ q: _, ...rest }) => rest, replace: true })}
          >
            {t("empty.clearSearch")}
          </Button>
        }
      />
    );
  }
  if (channels.size === 0 && settings) {
    return (
      <EmptyState
        icon={<Inbox size={20} />}
        text={t("empty.noChannel")}
        action={
          <Link to="/settings/channels" className={buttonClass("primary")}>
            {t("empty.connect")}
          </Link>
        }
      />
    );
  }
  const icons = {
    spam: <ShieldBan size={20} />,
    my_unread: <CircleCheck size={20} />,
    failed: <CircleCheck size={20} />,
    mentions: <AtSign size={20} />,
    drafts: <PencilLine size={20} />,
    scheduled: <CalendarClock size={20} />,
  } as const;
  return (
    <EmptyState
      icon={icons[filter.view as keyof typeof icons] ?? <Inbox size={20} />}
      text={t(`empty.${filter.view}`)}
      action={
        filter.view === "all_open" ? undefined : (
          <Link
            to="/inbox"
            search={{ view: "all_open", ...(filter.inbox ? { inbox: filter.inbox } : {}) }}
            className={buttonClass("outline")}
          >
            {t("empty.showAll")}
          </Link>
        )
      }
    />
  );
}
