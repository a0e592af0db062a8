import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { readablePhone } from "@/lib/phones";
import { AlertDialog } from "@/ui/AlertDialog";
import { toast } from "@/ui/toast";
import { useDeleteChannel } from "../model/channels";

interface Props {
  channel: Channel;
  onCancel: () => void;
  onDone: () => void;
}

/** Asks first, and says what is lost. */
export function DeleteChannel({ channel, onCancel, onDone }: Props) {
  const { t } = useTranslation("settings");
  const remove = useDeleteChannel();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onCancel()}
      title={t("channels.deleteTitle", { name: channel.name })}
      text={t(channel.type === "sms" ? "channels.deleteNumber" : "channels.deleteText", {
        address: channel.type === "sms" ? readablePhone(channel.address) : channel.address,
      })}
      action={t("channels.delete")}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(channel.id, {
          onSuccess: () => {
            toast(t("channels.deleted", { name: channel.name }));
            onDone();
          },
        })
      }
    />
  );
}
