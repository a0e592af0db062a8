import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/nouns";
import type { Conversation, User } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import type { Tiptap } from "./Editor";
import type { Asked } from "./extensions/suggest";
import type { Suggesting } from "./model/use-suggest";
import { Suggestions } from "./Suggestions";

interface Props {
  conversation: Conversation;
  asked: Asked;
  editor: Tiptap;
  keys: Suggesting["keys"];
}

const shown = 8;

/** Colleagues who can see the conversation, by “@” and the beginning of a name. */
export function MentionMenu({ conversation, asked, editor, keys }: Props) {
  const { t } = useTranslation("composer");
  const people = useQuery(usersQuery).data ?? [];
  const items = people.filter((user) => mayRead(user, conversation) && isNamed(user, asked.query));
  return (
    <Suggestions
      label={t("mention")}
      asked={asked}
      editor={editor}
      keys={keys}
      items={items.slice(0, shown)}
      keyOf={({ id }) => id}
      onPick={({ id, name }) =>
        editor
          .chain()
          .focus()
          .insertContentAt({ from: asked.from, to: asked.to }, [
            { type: "mention", attrs: { user: String(id), name } },
            { type: "text", text: " " },
          ])
          .run()
      }
    >
      {({ name, email }) => (
        <>
          <Avatar name={name} size={20} />
          <span className="min-w-0 flex-1">
            <span className="block truncate">{name}</span>
            <span className="block truncate text-fg-3 text-xs">{email}</span>
          </span>
        </>
      )}
    </Suggestions>
  );
}

function mayRead(user: User, { inbox_id }: Conversation): boolean {
  if (user.disabled || user.invited) return false;
  return user.all_inboxes || user.inbox_ids.includes(inbox_id);
}

function isNamed({ name }: User, query: string): boolean {
  const wanted = query.toLowerCase();
  const full = name.toLowerCase();
  return full.startsWith(wanted) || full.split(/\s+/).some((word) => word.startsWith(wanted));
}
