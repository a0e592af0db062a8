import "@/ui/prose.css";
import { useQuery } from "@tanstack/react-query";
import { PenLine, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { signatureQuery } from "@/api/content";
import { channelsQuery } from "@/api/nouns";
import type { Conversation } from "@/api/types";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import type { Content } from "./model/content";

/** The signature that there is, and whether this letter ends with it. */
export function useSignature(conversation: Conversation, wanted: boolean | undefined) {
  const { data } = useQuery(signatureQuery(conversation.id));
  const channel = useQuery(channelsQuery).data?.find(({ id }) => id === conversation.channel_id);
  const html = data?.html ?? "";
  return { html, shown: html !== "" && (wanted ?? channel?.add_signature ?? false) };
}

interface Props {
  conversation: Conversation;
  content: Content;
  onChange: (fields: Partial<Content>) => void;
}

/** Below the text, as it will be sent; one press takes it out of this letter, or puts it in. */
export function SignatureBlock({ conversation, content, onChange }: Props) {
  const { t } = useTranslation("composer");
  const { html, shown } = useSignature(conversation, content.signature);
  if (!html) return null;
  if (!shown) {
    return (
      <div className="px-2.5 pb-1">
        <Button
          look="ghost"
          size="small"
          icon={<PenLine size={13} aria-hidden />}
          onClick={() => onChange({ signature: true })}
        >
          {t("signature.add")}
        </Button>
      </div>
    );
  }
  return (
    <section
      aria-label={t("signature.label")}
      className="group/sign relative mx-4 mb-3 border-line border-t border-dashed pt-2 pr-8"
    >
      <div
        className="prose-mail max-h-40 overflow-hidden text-fg-2"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the server keeps only a signature's own few elements
        dangerouslySetInnerHTML={{ __html: html }}
      />
      <IconButton
        label={t("signature.remove")}
        icon={<X size={13} aria-hidden />}
        className="absolute! top-1 right-0"
        onClick={() => onChange({ signature: false })}
      />
    </section>
  );
}
