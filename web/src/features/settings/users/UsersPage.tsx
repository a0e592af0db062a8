import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { UserPlus, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { usersQuery } from "@/api/nouns";
import type { User } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Avatar } from "@/ui/Avatar";
import { buttonClass } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import { RowLink, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const InviteDialog = lazy(() =>
  import("./InviteDialog").then((file) => ({ default: file.InviteDialog })),
);
const UserDialog = lazy(() =>
  import("./UserDialog").then((file) => ({ default: file.UserDialog })),
);
const LinkDialog = lazy(() =>
  import("./LinkDialog").then((file) => ({ default: file.LinkDialog })),
);

const route = getRouteApi("/signed-in/shell/settings/users");

export function UsersPage() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { item } = route.useSearch();
  const users = useQuery(usersQuery);
  const [linkFor, setLinkFor] = useState<User | null>(null);
  const open = users.data?.find((user) => user.id === item);
  const close = () => void navigate({ to: "/settings/users" });
  return (
    <SettingsPage title={t("users.title")} text={t("users.text")} action={<InviteButton />}>
      <Rows
        label={t("users.title")}
        query={users}
        empty={
          <EmptyState
            icon={<Users size={20} />}
            text={t("users.empty")}
            action={<InviteButton />}
          />
        }
      >
        {(user) => <UserRow user={user} />}
      </Rows>
      <Suspense fallback={null}>
        {open ? (
          <UserDialog key={open.id} user={open} onClose={close} onLink={() => setLinkFor(open)} />
        ) : null}
        {item === "new" ? <InviteDialog onClose={close} onLink={setLinkFor} /> : null}
        {linkFor ? <LinkDialog user={linkFor} onClose={() => setLinkFor(null)} /> : null}
      </Suspense>
    </SettingsPage>
  );
}

function InviteButton() {
  const { t } = useTranslation("settings");
  return (
    <Link to="/settings/users" search={{ item: "new" }} className={buttonClass("primary")}>
      <UserPlus size={16} aria-hidden />
      {t("users.invite")}
    </Link>
  );
}

function UserRow({ user }: { user: User }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  return (
    <RowLink
      to="/settings/users"
      id={user.id}
      icon={<Avatar name={user.name || user.email} />}
      title={user.id === me.user.id ? t("users.you", { name: user.name }) : user.name || user.email}
      text={
        user.last_seen_at
          ? t("users.seen", { email: user.email, when: relativeTime(user.last_seen_at) })
          : user.email
      }
      marks={
        <>
          <Chip>{t(`users.role.${user.role}.label`)}</Chip>
          {user.disabled ? <Chip tone="danger">{t("users.disabled")}</Chip> : null}
          {user.invited && !user.disabled ? <Chip tone="warn">{t("users.invited")}</Chip> : null}
        </>
      }
    />
  );
}
