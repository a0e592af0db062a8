import clsx from "clsx";
import { Archive, ArchiveRestore, ArrowLeft, PanelRight } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { nameIn } from "@/api/names";
import type { Conversation } from "@/api/types";
import { fits, useMedia } from "@/lib/media";
import { readablePhone } from "@/lib/phones";
import { Button } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { IconButton } from "@/ui/IconButton";
import { HotkeyKbd } from "@/ui/Kbd";
import { tip } from "@/ui/Tooltip";
import { AssigneeMenu } from "./AssigneeMenu";
import { HeaderMenu, HeaderTools } from "./HeaderTools";
import { type HeaderActions, useHeaderActions } from "./use-header-actions";

const SpamDialog = lazy(() =>
  import("./SpamDialog").then((file) => ({ default: file.SpamDialog })),
);

interface Props {
  conversation: Conversation;
  /** Goes to the next row; "close and next". */
  onNext: () => void;
}

/** The header: whose it is, unread, move, spam, close, and the right panel. */
export function ThreadHeader({ conversation, onNext }: Props) {
  const { t } = useTranslation("inbox");
  const actions = useHeaderActions(conversation, onNext);
  const wide = useMedia(fits.panels);
  return (
    <header className="@container flex h-12 shrink-0 items-center gap-1 border-b bg-surface px-2 md:px-4">
      <IconButton
        label={t("action.back")}
        icon={<ArrowLeft size={17} aria-hidden />}
        className="md:hidden"
        onClick={actions.backToList}
      />
      <Subject conversation={conversation} wide={wide} />
      {conversation.draft ? null : (
        <AssigneeMenu
          conversation={conversation}
          disabled={!actions.write}
          onAssign={actions.assign}
        />
      )}
      {wide && !conversation.draft ? (
        <HeaderTools conversation={conversation} actions={actions} />
      ) : null}
      <HeaderMenu conversation={conversation} actions={actions} wide={wide} />
      <IconButton
        label={t(actions.shown ? "action.hidePanel" : "action.showPanel")}
        hotkey="panel"
        icon={<PanelRight size={16} aria-hidden />}
        aria-pressed={actions.shown}
        onClick={actions.togglePanel}
      />
      {conversation.draft ? null : <StatusButton actions={actions} />}
      {actions.blocking ? (
        <Suspense fallback={null}>
          <SpamDialog
            conversation={conversation}
            onClose={() => actions.setBlocking(false)}
            onConfirm={actions.block}
          />
        </Suspense>
      ) : null}
    </header>
  );
}

function Subject({ conversation, wide }: { conversation: Conversation; wide: boolean }) {
  const { t } = useTranslation("inbox");
  // On a phone the thread is the page.
  const Heading = wide ? "h2" : "h1";
  const none = t(conversation.draft ? "new.subject" : "noSubject");
  const [who, number] = whoTexts(conversation);
  const subject = conversation.subject || who || none;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      <Heading className="min-w-0 font-semibold text-lg" {...tip(subject)}>
        <span className={clsx("block truncate", number && "leading-5")}>{subject}</span>
        {number ? (
          <span className="block truncate font-normal text-fg-3 text-xs leading-4 tabular-nums">
            {number}
          </span>
        ) : null}
      </Heading>
      <span className="hidden shrink-0 text-fg-3 text-xs tabular-nums @min-[640px]:inline">
        #{conversation.number}
      </span>
      {conversation.draft ? <Chip tone="accent">{t("row.draft")}</Chip> : null}
      {conversation.spam ? <Chip tone="danger">{t("action.spamChip")}</Chip> : null}
      {conversation.status === "closed" ? <Chip>{t("row.closed")}</Chip> : null}
    </div>
  );
}

/** Texts have no subject: they are known by whom they are with, and by the number where that has a name. */
function whoTexts(conversation: Conversation): [string?, string?] {
  if (conversation.channel_type !== "sms") return [];
  const number = readablePhone(conversation.phone ?? conversation.contact.phone);
  const name = nameIn(conversation);
  return name ? [name, number] : [number];
}

function StatusButton({ actions }: { actions: HeaderActions }) {
  const { t } = useTranslation("inbox");
  const { closed, write, toggleStatus } = actions;
  const Icon = closed ? ArchiveRestore : Archive;
  return (
    <Button
      look="outline"
      size="small"
      className="ml-1"
      disabled={!write}
      icon={<Icon size={14} aria-hidden />}
      onClick={toggleStatus}
    >
      <span className="sr-only sm:not-sr-only">{t(closed ? "action.reopen" : "action.close")}</span>
      <span className="hidden @min-[480px]:inline">
        <HotkeyKbd id="close" />
      </span>
    </Button>
  );
}
