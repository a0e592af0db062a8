import { useTranslation } from "react-i18next";
import type { Inbox } from "@/api/types";
import { AlertDialog } from "@/ui/AlertDialog";
import { toast } from "@/ui/toast";
import { useArchiveInbox } from "../model/inboxes";

interface Props {
  inbox: Inbox;
  onCancel: () => void;
  onDone: () => void;
}

/** The server refuses while a channel or an open conversation still needs the inbox, and says which. */
export function ArchiveInbox({ inbox, onCancel, onDone }: Props) {
  const { t } = useTranslation("settings");
  const archive = useArchiveInbox();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onCancel()}
      title={t("inboxes.archiveTitle", { name: inbox.name })}
      text={t("inboxes.archiveText")}
      action={t("inboxes.archiveAction")}
      busy={archive.isPending}
      error={archive.error?.message}
      onConfirm={() =>
        archive.mutate(inbox.id, {
          onSuccess: () => {
            toast(t("inboxes.archived", { name: inbox.name }));
            onDone();
          },
        })
      }
    />
  );
}
