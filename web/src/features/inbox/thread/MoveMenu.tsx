import { Check } from "lucide-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { Dot } from "@/ui/Chip";
import { Menu, MenuItem } from "@/ui/Menu";
import { useInboxes } from "../model/lookups";

interface Props {
  conversation: Conversation;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMove: (inbox: number) => void;
  trigger: ReactElement<object>;
}

/** To which of the inboxes that I see; the channel, and so the address of replies, stays. */
export function MoveMenu({ conversation, open, onOpenChange, onMove, trigger }: Props) {
  const { t } = useTranslation("inbox");
  const inboxes = useInboxes();
  return (
    <Menu open={open} onOpenChange={onOpenChange} align="end" trigger={trigger}>
      {[...inboxes.values()].map((inbox) => {
        const here = inbox.id === conversation.inbox_id;
        return (
          <MenuItem
            key={inbox.id}
            disabled={here}
            {...(here ? { reason: t("action.here") } : {})}
            icon={here ? <Check size={14} /> : <Dot color={inbox.color} />}
            onSelect={() => onMove(inbox.id)}
          >
            {inbox.name}
          </MenuItem>
        );
      })}
    </Menu>
  );
}
