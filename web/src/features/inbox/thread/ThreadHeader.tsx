import { Archive, ArchiveRestore, ArrowLeft, PanelRight } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { fits, useMedia } from "@/lib/media";
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
  const subject = conversation.subject || whoTexts(conversation) || none;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      <Heading className="truncate font-semibold text-lg" {...tip(subject)}>
        {subject}
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

/** Texts have no subject: they are known by whom they are with. */
function whoTexts({ channel_type: type, contact, phone = contact.phone }: Conversation): string {
  if (type !== "sms") return "";
  return contact.name && contact.name !== phone ? `${contact.name} · ${phone}` : phone;
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
