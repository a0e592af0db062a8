import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";

const link = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/** Plain text with its quoted part folded; one press shows all of it. */
export function MessageText({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const [whole, setWhole] = useState(false);
  const folded = message.quote_at >= 0 && message.visible_text.trim() !== "";
  const text = whole || !folded ? message.text : message.visible_text;
  return (
    <div>
      <div className="whitespace-pre-wrap break-words text-base [overflow-wrap:anywhere]">
        <Linked text={text.replace(/\s+$/, "")} />
      </div>
      {folded ? (
        <button
          type="button"
          aria-expanded={whole}
          aria-label={t(whole ? "message.hideQuoted" : "message.showQuoted")}
          onClick={() => setWhole(!whole)}
          className="mt-2 inline-grid h-5 w-8 place-items-center rounded-md bg-hover text-fg-2 hover:bg-active touch:h-11 touch:w-11"
        >
          <MoreHorizontal size={14} aria-hidden />
        </button>
      ) : null}
    </div>
  );
}

function Linked({ text }: { text: string }) {
  return text.split(link).map((part, index) =>
    index % 2 === 1 ? (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        key={index}
        href={part}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent-text underline"
      >
        {part}
      </a>
    ) : (
      part
    ),
  );
}
