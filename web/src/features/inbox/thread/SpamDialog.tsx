import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { keys } from "@/api/keys";
import type { Conversation } from "@/api/types";
import { AlertDialog } from "@/ui/AlertDialog";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";

interface Props {
  conversation: Conversation;
  onClose: () => void;
  onConfirm: (why: string) => void;
}

/** Says what will be blocked, and how much leaves the inboxes, before it is done. */
export function SpamDialog({ conversation, onClose, onConfirm }: Props) {
  const { t } = useTranslation("inbox");
  const { id } = conversation;
  const preview = useQuery({
    queryKey: keys.conversations.spam(id),
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/conversations/{id}/spam", { signal, params: { path: { id } } })),
    staleTime: 0,
  });
  const [why, setWhy] = useState("");
  const name = conversation.contact.name || conversation.contact.email;
  return (
    <AlertDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      danger
      title={t("spam.title", { name })}
      action={t("action.spam")}
      text={
        <>
          <p>{t("spam.text", { count: preview.data?.conversations ?? 1 })}</p>
          {preview.data && preview.data.points.length > 0 ? (
            <>
              <p className="mt-3 font-medium text-fg">{t("spam.blocks")}</p>
              <ul className="mt-1 grid gap-0.5 [overflow-wrap:anywhere]">
                {preview.data.points.map((point) => (
                  <li key={point.value}>{point.value}</li>
                ))}
              </ul>
            </>
          ) : null}
          <p className="mt-3 mb-3">{t("spam.later")}</p>
          <Field optional label={t("spam.why")}>
            <TextField
              autoComplete="off"
              maxLength={500}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          </Field>
        </>
      }
      onConfirm={() => {
        onConfirm(why.trim());
        onClose();
      }}
    />
  );
}
