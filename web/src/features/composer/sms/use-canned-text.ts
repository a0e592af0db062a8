import { useTranslation } from "react-i18next";
import type { CannedMessage, Conversation } from "@/api/types";
import { toast } from "@/ui/toast";
import type { Tiptap } from "../Editor";
import { useCanned } from "../model/canned";
import type { Writing } from "../model/writing";
import type { Limits } from "./pictures";
import { flattened } from "./plain";

interface Facts {
  conversation: Conversation;
  writing: Writing;
}

/** Puts a canned message into a text: its words and fields, and those of its files that texts can carry. */
export function useCannedText(
  { conversation, writing }: Facts,
  editor: Tiptap | undefined,
  limits: Limits | undefined,
) {
  const { t } = useTranslation("composer");
  const use = useCanned(conversation.id);
  const { latest, change } = writing;
  const put = (one: CannedMessage, range?: { from: number; to: number }) => {
    if (range && editor) editor.chain().focus().deleteRange(range).run();
    use.mutate(one, {
      onSuccess: ({ html, attachments }) => {
        editor
          ?.chain()
          .focus()
          .insertContent(inner(flattened(html)))
          .run();
        const fitting = attachments.filter(
          ({ content_type: type, inline }) => !inline && limits?.picture_types.includes(type),
        );
        change({ files: [...(latest.current?.files ?? []), ...fitting] });
        const left = attachments.length - fitting.length;
        if (left > 0) toast(t("sms.leftOut", { count: left }));
      },
      onError: ({ message }) => toast(t("canned.unused", { why: message }), { tone: "danger" }),
    });
  };
  return { put };
}

/** What stands in the one paragraph: it goes into the line where the cursor is. */
function inner(html: string): string {
  return html.replace(/^<p>/, "").replace(/<\/p>$/, "");
}
