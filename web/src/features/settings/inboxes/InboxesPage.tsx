import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Inbox as InboxIcon, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { inboxesQuery, usersQuery } from "@/api/nouns";
import type { Inbox } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import { Dot } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import { RowIcon, RowLink, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const InboxDialog = lazy(() =>
  import("./InboxDialog").then((file) => ({ default: file.InboxDialog })),
);

const route = getRouteApi("/signed-in/shell/settings/inboxes");

export function InboxesPage() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { item } = route.useSearch();
  const inboxes = useQuery(inboxesQuery);
  const open = inboxes.data?.find((inbox) => inbox.id === item);
  const close = () => void navigate({ to: "/settings/inboxes" });
  return (
    <SettingsPage title={t("inboxes.title")} text={t("inboxes.text")} action={<NewLink />}>
      <Rows
        label={t("inboxes.title")}
        query={inboxes}
        empty={
          <EmptyState
            icon={<InboxIcon size={20} />}
            text={t("inboxes.empty")}
            action={<NewLink />}
          />
        }
      >
        {(inbox) => <InboxRow inbox={inbox} />}
      </Rows>
      <Suspense fallback={null}>
        {open || item === "new" ? (
          <InboxDialog key={open?.id ?? "new"} inbox={open ?? null} onClose={close} />
        ) : null}
      </Suspense>
    </SettingsPage>
  );
}

function NewLink() {
  const { t } = useTranslation("settings");
  return (
    <Link to="/settings/inboxes" search={{ item: "new" }} className={buttonClass("primary")}>
      <Plus size={16} aria-hidden />
      {t("inboxes.new")}
    </Link>
  );
}

function InboxRow({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation("settings");
  const users = useQuery(usersQuery).data ?? [];
  const named = users.find((user) => user.id === inbox.default_assignee_id)?.name;
  const who =
    inbox.assignee_rule === "user" && named
      ? t("inboxes.goesTo", { name: named })
      : t(`inboxes.rule.${inbox.assignee_rule}.short`);
  const members = users.filter(
    (user) => !user.disabled && (user.all_inboxes || inbox.member_ids.includes(user.id)),
  ).length;
  return (
    <RowLink
      to="/settings/inboxes"
      id={inbox.id}
      icon={
        <RowIcon>
          <Dot color={inbox.color} />
        </RowIcon>
      }
      title={inbox.name}
      text={`${who} · ${t("inboxes.members", { count: members })}`}
    />
  );
}
