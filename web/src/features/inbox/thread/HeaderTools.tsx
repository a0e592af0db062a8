import {
  Ellipsis,
  FolderInput,
  Link as LinkIcon,
  MailOpen,
  PanelRight,
  ShieldBan,
  ShieldCheck,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { toast } from "@/ui/toast";
import { MoveMenu } from "./MoveMenu";
import type { HeaderActions } from "./use-header-actions";

interface Props {
  conversation: Conversation;
  actions: HeaderActions;
}

/** Mark unread, move and spam, as buttons where there is room. */
export function HeaderTools({ conversation, actions }: Props) {
  const { t } = useTranslation("inbox");
  const { closed, write, moving, setMoving, move, markUnread, toggleSpam } = actions;
  const Shield = conversation.spam ? ShieldCheck : ShieldBan;
  return (
    <>
      <IconButton
        label={t(closed ? "action.unreadClosed" : "action.unread")}
        hotkey="unread"
        icon={<MailOpen size={16} aria-hidden />}
        aria-disabled={closed || undefined}
        onClick={markUnread}
      />
      <MoveMenu
        conversation={conversation}
        open={moving}
        onOpenChange={setMoving}
        onMove={move}
        trigger={
          <IconButton
            label={t("action.move")}
            hotkey="move"
            disabled={!write}
            icon={<FolderInput size={16} aria-hidden />}
          />
        }
      />
      <IconButton
        label={t(conversation.spam ? "action.notSpam" : "action.spam")}
        hotkey="spam"
        disabled={!write}
        icon={<Shield size={16} aria-hidden />}
        onClick={toggleSpam}
      />
    </>
  );
}

/** The rest; on a phone all of it. */
export function HeaderMenu({ conversation, actions, wide }: Props & { wide: boolean }) {
  const { t } = useTranslation("inbox");
  const { shown, moving, setMoving, move, togglePanel } = actions;
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton label={t("action.more")} icon={<Ellipsis size={16} aria-hidden />} />}
      >
        {wide || conversation.draft ? null : (
          <NarrowItems conversation={conversation} actions={actions} />
        )}
        <MenuItem
          icon={<LinkIcon size={15} />}
          onSelect={() => copyLink(conversation.id, t("done.copied"))}
        >
          {t("action.copyLink")}
        </MenuItem>
        <MenuItem icon={<PanelRight size={15} />} hotkey="panel" onSelect={togglePanel}>
          {t(shown ? "action.hidePanel" : "action.showPanel")}
        </MenuItem>
      </Menu>
      {wide || !moving ? null : (
        <MoveMenu
          conversation={conversation}
          open={moving}
          onOpenChange={setMoving}
          onMove={move}
          trigger={<span className="w-0" />}
        />
      )}
    </>
  );
}

function NarrowItems({ conversation, actions }: Props) {
  const { t } = useTranslation("inbox");
  const { closed, write, setMoving, markUnread, toggleSpam } = actions;
  const Shield = conversation.spam ? ShieldCheck : ShieldBan;
  return (
    <>
      <MenuItem
        icon={<MailOpen size={15} />}
        disabled={closed}
        {...(closed ? { reason: t("action.unreadClosed") } : {})}
        onSelect={markUnread}
      >
        {t("action.unread")}
      </MenuItem>
      <MenuItem icon={<FolderInput size={15} />} disabled={!write} onSelect={() => setMoving(true)}>
        {t("action.move")}
      </MenuItem>
      <MenuItem icon={<Shield size={15} />} disabled={!write} onSelect={toggleSpam}>
        {t(conversation.spam ? "action.notSpam" : "action.spam")}
      </MenuItem>
      <MenuSeparator />
    </>
  );
}

function copyLink(id: number, done: string): void {
  const address = `${location.origin}/inbox?c=${id}`;
  void navigator.clipboard.writeText(address).then(() => toast(done));
}
