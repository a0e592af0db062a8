import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { AtSign, Mail, MessageSquare, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { channelsQuery, inboxesQuery } from "@/api/nouns";
import type { Channel } from "@/api/types";
import { hasWayOut } from "@/api/way-out";
import { relativeTime } from "@/lib/dates";
import { loadTexts } from "@/lib/i18n";
import { readablePhone } from "@/lib/phones";
import { Banner } from "@/ui/Banner";
import { buttonClass } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import type { ChannelSearch } from "../model/search";
import { RowIcon, RowLink, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const ChannelDialog = lazy(() =>
  import("./ChannelDialog").then((file) => ({ default: file.ChannelDialog })),
);
const NewChannelDialog = lazy(() =>
  import("./NewChannelDialog").then((file) => ({ default: file.NewChannelDialog })),
);
const TypeChoice = lazy(() =>
  import("./TypeChoice").then((file) => ({ default: file.TypeChoice })),
);

/** The words of numbers come with what needs them. */
async function withNumbers<File>(file: Promise<File>): Promise<File> {
  const [loaded] = await Promise.all([file, loadTexts("numbers")]);
  return loaded;
}

const TextDialog = lazy(() =>
  withNumbers(import("./text/TextDialog")).then((file) => ({ default: file.TextDialog })),
);
const TextSetupDialog = lazy(() =>
  withNumbers(import("./text/TextSetupDialog")).then((file) => ({
    default: file.TextSetupDialog,
  })),
);
const NewTextDialog = lazy(() =>
  withNumbers(import("./text/NewTextDialog")).then((file) => ({ default: file.NewTextDialog })),
);

const route = getRouteApi("/signed-in/shell/settings/channels");

export function ChannelsPage() {
  const { t } = useTranslation("settings");
  const { relay_configured: relay } = useMe();
  const channels = useQuery(channelsQuery);
  const stuck = channels.data?.some((channel) => !hasWayOut(channel, relay));
  return (
    <SettingsPage title={t("channels.title")} text={t("channels.text")} action={<NewLink />}>
      {stuck ? <Banner tone="warn">{t("channels.noRelay")}</Banner> : null}
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
        <OpenDialog channels={channels.data} />
      </Suspense>
    </SettingsPage>
  );
}

/** The one that the address names. */
function OpenDialog({ channels }: { channels: readonly Channel[] | undefined }) {
  const { item, type, setup } = route.useSearch();
  const navigate = useNavigate();
  const go = (search: ChannelSearch) => void navigate({ to: "/settings/channels", search });
  const close = () => go({});
  if (item === "new" && type === "sms") {
    return <NewTextDialog onClose={close} onCreated={({ id }) => go({ item: id, setup: true })} />;
  }
  if (item === "new" && type === "email") {
    return <NewChannelDialog onClose={close} onCreated={({ id }) => go({ item: id })} />;
  }
  if (item === "new") return <TypeChoice onClose={close} />;
  const channel = channels?.find(({ id }) => id === item);
  if (!channel) return null;
  if (channel.type === "email") {
    return <ChannelDialog key={channel.id} channel={channel} onClose={close} />;
  }
  if (setup) return <TextSetupDialog channel={channel} onClose={close} />;
  return (
    <TextDialog
      key={channel.id}
      channel={channel}
      onClose={close}
      onSetUp={() => go({ item: channel.id, setup: true })}
    />
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
  const address = useReadable(channel);
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
      text={inbox ? t("channels.routes", { address, inbox: inbox.name }) : address}
      marks={<ChannelState channel={channel} />}
    />
  );
}

/** What contacts write to; of a number also who carries it. */
function useReadable({ type, address, provider }: Channel): string {
  const { t } = useTranslation("settings");
  if (type === "email") return address;
  const carrier = t(`channels.carriers.${provider}` as never, { defaultValue: provider }) as string;
  return [readablePhone(address), carrier].filter(Boolean).join(" · ");
}

function ChannelState({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const sms = channel.type === "sms";
  if (channel.disabled) return <Chip>{t("channels.off")}</Chip>;
  if (channel.incoming.state === "failed") {
    return <Chip tone="danger">{t(sms ? "channels.textInFailed" : "ways.inFailed")}</Chip>;
  }
  if (channel.outgoing.state === "failed") {
    return <Chip tone="danger">{t(sms ? "channels.textOutFailed" : "ways.outFailed")}</Chip>;
  }
  if (channel.incoming.state === "quiet") return <Chip tone="warn">{t("ways.state.quiet")}</Chip>;
  if (!channel.last_inbound_at) {
    return <Chip tone="warn">{t(sms ? "channels.textWaiting" : "channels.waiting")}</Chip>;
  }
  return (
    <Chip tone="ok">
      {t(sms ? "channels.textLast" : "channels.last", {
        when: relativeTime(channel.last_inbound_at),
      })}
    </Chip>
  );
}
