import { useTranslation } from "react-i18next";
import type { Inbox } from "@/api/types";
import { AlertDialog } from "@/ui/AlertDialog";
import { toast } from "@/ui/toast";
import { useDeleteInbox } from "../model/inboxes";

interface Props {
  inbox: Inbox;
  onCancel: () => void;
  onDone: () => void;
}

/** The server refuses while a channel or an open conversation still needs the inbox, and says which. */
export function DeleteInbox({ inbox, onCancel, onDone }: Props) {
  const { t } = useTranslation("settings");
  const remove = useDeleteInbox();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onCancel()}
      title={t("inboxes.deleteTitle", { name: inbox.name })}
      text={t("inboxes.deleteText")}
      action={t("inboxes.delete")}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(inbox.id, {
          onSuccess: () => {
            toast(t("inboxes.deleted", { name: inbox.name }));
            onDone();
          },
        })
      }
    />
  );
}
