import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { senderOf } from "@/api/names";
import { usersQuery } from "@/api/nouns";
import type { Conversation, NewerItem } from "@/api/types";
import { Button } from "@/ui/Button";

interface Props {
  contact: Conversation["contact"];
  items: readonly NewerItem[];
  onAnyway: () => void;
  onKeep: () => void;
}

const shown = 3;

/** The send was held: what has arrived that the sender had not seen. Nothing is lost by either choice. */
export function HeldBanner({ contact, items, onAnyway, onKeep }: Props) {
  const { t } = useTranslation("composer");
  const people = useQuery(usersQuery).data;
  const name = (id: number | null) =>
    people?.find((user) => user.id === id)?.name ?? t("held.someone");
  const lines = items.slice(-shown).map((item) => {
    const { kind, id, author_id: author } = item;
    const said =
      item.kind === "message"
        ? { name: author ? name(author) : senderOf(item, contact), text: item.preview }
        : { name: name(author), text: item.text };
    // A text of ours begins with our name where carriers ask for that.
    const named = said.text.startsWith(`${said.name}:`);
    return { id: kind + id, text: named ? said.text : t(`held.${kind}`, said) };
  });
  return (
    <div role="alert" className="mx-2 mt-2 rounded-lg bg-warn-soft px-3 py-2 text-warn">
      <p className="flex gap-2 font-medium">
        <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
        {t("held.title")}
      </p>
      <ul className="mt-1 pl-6">
        {lines.map((line) => (
          <li key={line.id} className="truncate text-fg">
            {line.text}
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-2 pl-6">
        <Button size="small" onClick={onKeep}>
          {t("held.keep")}
        </Button>
        <Button size="small" look="ghost" onClick={onAnyway}>
          {t("held.anyway")}
        </Button>
      </div>
    </div>
  );
}
