import { useQueryClient } from "@tanstack/react-query";
import { Image, ImageOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/api/action";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import { useMay } from "@/api/me";
import { describe } from "@/api/problem";
import type { Contact, Message } from "@/api/types";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/toast";
import { timelineQuery } from "../model/queries";

interface Props {
  message: Message;
  author: string;
  /** Whether they are shown in this message now. */
  shown: boolean;
  onShow: () => void;
}

/** Images from elsewhere are asked about: shown once, or always for this sender. */
export function RemoteImages({ message, author, shown, onShow }: Props) {
  const { t } = useTranslation("inbox");
  const may = useMay("contacts") && message.contact_id !== null;
  const allow = useAllow(message);
  const always = message.images_allowed;
  if (shown && !always) return null;
  // Of a sender who is not who they say, nothing is shown for good.
  const offered = may && message.auth?.verified !== "fail";
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-surface-2 px-2.5 py-1.5 text-fg-2 text-xs">
      {always ? (
        <Image size={14} aria-hidden className="shrink-0" />
      ) : (
        <ImageOff size={14} aria-hidden className="shrink-0" />
      )}
      <span className="min-w-48 flex-1">
        {t(always ? "images.always" : "images.held", { name: author })}
      </span>
      {always ? null : (
        <Button look="outline" size="small" onClick={onShow}>
          {t("images.show")}
        </Button>
      )}
      {offered ? (
        <Button
          look="ghost"
          size="small"
          busy={allow.isPending}
          onClick={() => allow.mutate(!always)}
        >
          {t(always ? "images.ask" : "images.showAlways", { name: author })}
        </Button>
      ) : null}
    </div>
  );
}

function useAllow({ contact_id: id, conversation_id: conversation }: Message) {
  const client = useQueryClient();
  return useAction<Contact, boolean>({
    run: (allow) =>
      call(
        api.PUT("/api/v1/contacts/{id}/images", {
          params: { path: { id: id ?? 0 } },
          body: { allow },
        }),
      ),
    onSuccess: (contact) => {
      client.setQueryData(keys.contacts.one(contact.id), contact);
      return client.invalidateQueries({ queryKey: timelineQuery(conversation).queryKey });
    },
    onError: (problem) => toast(describe(problem).text, { tone: "danger" }),
  });
}
