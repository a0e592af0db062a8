import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import type { Conversation } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { fits, useMedia } from "@/lib/media";
import { toast } from "@/ui/toast";
import { useConversationActions, useReading } from "../model/actions";
import { useInbox } from "../model/state";

/** What the header can do, by its buttons, its menu and the keys alike. */
export function useHeaderActions(conversation: Conversation, onNext: () => void) {
  const { t } = useTranslation("inbox");
  const { panel, sheet, setPanel, setSheet, backToList } = useInbox();
  const beside = useMedia(fits.all);
  const { assign, move, setStatus, setSpam } = useConversationActions(conversation);
  const { unread } = useReading(conversation.id);
  const [blocking, setBlocking] = useState(false);
  const [moving, setMoving] = useState(false);
  const closed = conversation.status === "closed";
  // Of a new conversation nobody else knows: there is nothing yet to hand on or close.
  const write = useMay("write") && !conversation.draft;

  const toggleSpam = () => (conversation.spam ? setSpam(false) : setBlocking(true));
  const toggleStatus = () => setStatus(closed ? "open" : "closed");
  const togglePanel = () => (beside ? setPanel(!panel) : setSheet(!sheet));
  const markUnread = () =>
    closed ? toast(t("action.unreadClosed")) : unread.mutate(undefined, { onSuccess: backToList });

  useHotkey("close", toggleStatus, write);
  useHotkey(
    "close_next",
    () => {
      onNext();
      setStatus("closed");
    },
    write,
  );
  useHotkey("unread", markUnread, !conversation.draft);
  useHotkey("spam", toggleSpam, write);
  useHotkey("move", () => setMoving(true), write);
  useHotkey("panel", togglePanel);

  return {
    closed,
    write,
    shown: beside ? panel : sheet,
    assign,
    move,
    moving,
    setMoving,
    blocking,
    setBlocking,
    block: (why: string) => setSpam(true, why),
    toggleSpam,
    toggleStatus,
    togglePanel,
    markUnread,
    backToList,
  };
}

export type HeaderActions = ReturnType<typeof useHeaderActions>;
