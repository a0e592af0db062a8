import clsx from "clsx";
import { Check, CloudOff, Trash2, X } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { IconButton } from "@/ui/IconButton";
import { toastUndo } from "@/ui/toast";
import { ModeMenu } from "./ModeMenu";
import { type Content, isBlank } from "./model/content";
import { type ComposerMode, slotOf } from "./model/mode";
import { keepHere } from "./model/use-draft";
import type { Writing } from "./model/writing";

interface Props {
  label: string;
  note?: boolean;
  conversation: Conversation;
  mode: ComposerMode;
  canSend: boolean;
  content: Content;
  writing: Writing;
  onMode: (mode: ComposerMode) => void;
  onClose: () => void;
  /** Another way to throw it away than with an Undo. */
  onDiscard?: () => void;
  onFiles?: (files: File[]) => void;
  /** Right of the mode. */
  head?: ReactNode;
  banner?: ReactNode;
  /** What is wrong with the whole. */
  fault: string | undefined;
  /** Stays in sight below the text, however long that is. */
  foot?: ReactNode;
  toolbar: ReactNode;
  buttons: ReactNode;
  children: ReactNode;
}

/** The card around what is written: the mode above, the tools and buttons below. Takes files dropped on it. */
export function Frame(props: Props) {
  const { label, note = false, mode, canSend, content, writing, onMode, onClose, onFiles } = props;
  const { t } = useTranslation("composer");
  const [over, setOver] = useState(false);
  const discard = useDiscard(props);
  const carries = (event: DragEvent) => onFiles && event.dataTransfer.types.includes("Files");
  return (
    <section
      aria-label={label}
      data-composer={mode}
      className={clsx(
        "relative flex min-h-0 flex-col overflow-hidden rounded-xl border shadow-s2",
        note ? "border-note-line bg-note" : "border-line-2 bg-surface focus-within:border-control",
      )}
      onKeyDown={(event) => {
        // Not one that closes a dialog or panel which opened from here.
        const own = event.currentTarget.contains(event.target as Node);
        if (event.key === "Escape" && own && !event.defaultPrevented) onClose();
      }}
      onDragOver={(event) => {
        if (!carries(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!carries(event)) return;
        event.preventDefault();
        onFiles?.([...event.dataTransfer.files]);
      }}
    >
      <header className="flex shrink-0 items-center gap-1 border-line border-b py-1.5 pr-2 pl-1.5">
        {props.conversation.draft ? (
          <h3 className="px-2.5 font-medium text-fg-2 text-xs">{t("mode.new")}</h3>
        ) : (
          <ModeMenu
            mode={mode}
            canSend={canSend}
            text={props.conversation.channel_type === "sms"}
            onMode={onMode}
          />
        )}
        <DraftStatus writing={writing} content={content} />
        <span className="flex-1" />
        {props.head}
        <IconButton
          label={t("discard")}
          icon={<Trash2 size={15} aria-hidden />}
          onClick={discard}
        />
        <IconButton label={t("hide")} icon={<X size={15} aria-hidden />} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {props.banner}
        {props.fault ? (
          <div className="px-2 pt-2">
            <Banner tone="danger" alert>
              {props.fault}
            </Banner>
          </div>
        ) : null}
        {props.children}
      </div>
      {props.foot}
      <footer className="flex shrink-0 items-center gap-2 py-2 pr-2 pl-2">
        {props.toolbar}
        <span className="flex-1" />
        {props.buttons}
      </footer>
      {over ? (
        <div className="pointer-events-none absolute inset-1 grid place-items-center rounded-lg border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-text">
          {t("drop")}
        </div>
      ) : null}
    </section>
  );
}

/** Quiet, and only once there is something to keep. */
function DraftStatus({ writing, content }: { writing: Writing; content: Content }) {
  const { t } = useTranslation("composer");
  const { state } = writing;
  const shown = state !== "idle" && !isBlank(content);
  return (
    <span className="min-w-0 truncate text-fg-3 text-xs" data-draft={state}>
      {shown ? (
        <>
          {/* Where there is no room for the words a sign stands for them. */}
          {state === "saved" ? <Check size={13} aria-hidden className="sm:hidden" /> : null}
          {state === "local" ? <CloudOff size={13} aria-hidden className="sm:hidden" /> : null}
          <span className="max-sm:sr-only">{t(`state.${state}`)}</span>
        </>
      ) : null}
    </span>
  );
}

/** Thrown away at once, and back with Undo. */
function useDiscard({ conversation, mode, content, writing, onMode, onClose, onDiscard }: Props) {
  const { t } = useTranslation(["composer", "common"]);
  if (onDiscard) return onDiscard;
  return () => {
    const lost = !isBlank(content);
    void writing.keeper.discard();
    onClose();
    if (!lost) return;
    toastUndo(t("discarded"), t("common:undo"), () => {
      keepHere(conversation.id, slotOf(mode), content);
      onMode(mode);
    });
  };
}
