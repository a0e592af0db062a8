import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { senderOf } from "@/api/names";
import type { Conversation, Message } from "@/api/types";
import { useUsers } from "./lookups";

/** Who wrote it as the reader calls them, and by the name that gives their picture. */
export function useAuthor(
  message: Message,
  contact?: Conversation["contact"],
): { author: string; name: string } {
  const { t } = useTranslation("inbox");
  const me = useMe().user;
  const users = useUsers();
  const { author_id: id, direction } = message;
  const sender = senderOf(message, contact);
  if (direction === "inbound") return { author: sender, name: sender };
  if (id === me.id) return { author: t("message.you"), name: me.name };
  const name = (id && users.get(id)?.name) || sender;
  return { author: name, name };
}
