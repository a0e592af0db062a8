import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { AtSign, Mail, MessageSquare, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { channelsQuery, inboxesQuery } from "@/api/nouns";
import type { Channel } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { buttonClass } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import { RowIcon, RowLink, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const ChannelDialog = lazy(() =>
  import("./ChannelDialog").then((file) => ({ default: file.ChannelDialog })),
);
const NewChannelDialog = lazy(() =>
  import("./NewChannelDialog").then((file) => ({ default: file.NewChannelDialog })),
);

const route = getRouteApi("/signed-in/shell/settings/channels");

export function ChannelsPage() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { item } = route.useSearch();
  const { relay_configured: canSend } = useMe();
  const channels = useQuery(channelsQuery);
  const show = (next?: number) =>
    void navigate({ to: "/settings/channels", search: next ? { item: next } : {} });
  const open = channels.data?.find((channel) => channel.id === item);
  return (
    <SettingsPage title={t("channels.title")} text={t("channels.text")} action={<NewLink />}>
      {canSend ? null : <Banner tone="warn">{t("channels.noRelay")}</Banner>}
      <Rows
        label={t("channels.title")}
        query={channels}
        empty={
          <EmptyState icon={<AtSign size={20} />} text={t("channels.empty")} action={<NewLink />} />
        }
      >
        {(channel) => <ChannelRow channel={channel} />}
      </Rows>
      <Suspense fallback={null}>
        {open ? <ChannelDialog key={open.id} channel={open} onClose={() => show()} /> : null}
        {item === "new" ? (
          <NewChannelDialog onClose={() => show()} onCreated={(channel) => show(channel.id)} />
        ) : null}
      </Suspense>
    </SettingsPage>
  );
}

function NewLink() {
  const { t } = useTranslation("settings");
  return (
    <Link to="/settings/channels" search={{ item: "new" }} className={buttonClass("primary")}>
      <Plus size={16} aria-hidden />
      {t("channels.new")}
    </Link>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const inboxes = useQuery(inboxesQuery).data;
  const inbox = inboxes?.find(({ id }) => id === channel.inbox_id);
  return (
    <RowLink
      to="/settings/channels"
      id={channel.id}
      icon={
        <RowIcon>
          {channel.type === "email" ? <Mail size={16} /> : <MessageSquare size={16} />}
        </RowIcon>
      }
      title={channel.name}
      text={
        inbox
          ? t("channels.routes", { address: channel.address, inbox: inbox.name })
          : channel.address
      }
      marks={<ChannelState channel={channel} />}
    />
  );
}

function ChannelState({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  if (channel.disabled) return <Chip>{t("channels.off")}</Chip>;
  if (channel.incoming.state === "failed") return <Chip tone="danger">{t("ways.inFailed")}</Chip>;
  if (channel.outgoing.state === "failed") return <Chip tone="danger">{t("ways.outFailed")}</Chip>;
  if (channel.incoming.state === "quiet") return <Chip tone="warn">{t("ways.state.quiet")}</Chip>;
  if (!channel.last_inbound_at) return <Chip tone="warn">{t("channels.waiting")}</Chip>;
  return (
    <Chip tone="ok">{t("channels.last", { when: relativeTime(channel.last_inbound_at) })}</Chip>
  );
}
