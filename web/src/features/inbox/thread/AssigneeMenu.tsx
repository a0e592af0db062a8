import { CircleUser, UserX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Conversation } from "@/api/types";
import { useHotkey } from "@/lib/hotkeys";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { useUsers } from "../model/lookups";

interface Props {
  conversation: Conversation;
  disabled: boolean;
  onAssign: (user: number | null) => void;
}

/** Whose conversation this is; by menu, or by key to oneself. */
export function AssigneeMenu({ conversation, disabled, onAssign }: Props) {
  const { t } = useTranslation("inbox");
  const me = useMe().user.id;
  const users = useUsers();
  const [open, setOpen] = useState(false);
  const current = conversation.assignee_id ? users.get(conversation.assignee_id) : undefined;
  useHotkey("assign_me", () => onAssign(me), !disabled);
  useHotkey("assign", () => setOpen(true), !disabled);
  const people = [...users.values()]
    .filter((user) => !user.disabled && !user.invited)
    .filter((user) => user.all_inboxes || user.inbox_ids.includes(conversation.inbox_id))
    .sort((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name));
  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      align="start"
      trigger={
        <Button
          look="ghost"
          size="small"
          disabled={disabled}
          aria-label={
            current ? t("action.assignedTo", { name: current.name }) : t("action.assignUnassigned")
          }
          icon={
            current ? (
              <Avatar name={current.name} size={20} />
            ) : (
              <CircleUser size={16} aria-hidden />
            )
          }
        >
          <span className="hidden max-w-28 truncate @min-[560px]:inline">
            {current
              ? current.id === me
                ? t("message.you")
                : current.name
              : t("action.unassigned")}
          </span>
        </Button>
      }
    >
      {people.map((user) => (
        <MenuItem
          key={user.id}
          icon={<Avatar name={user.name} size={20} />}
          {...(user.id === me ? { hotkey: "assign_me" as const } : {})}
          onSelect={() => onAssign(user.id)}
        >
          {user.id === me ? t("action.assignMe") : user.name}
        </MenuItem>
      ))}
      {conversation.assignee_id ? (
        <>
          <MenuSeparator />
          <MenuItem icon={<UserX size={15} />} onSelect={() => onAssign(null)}>
            {t("action.unassign")}
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}
