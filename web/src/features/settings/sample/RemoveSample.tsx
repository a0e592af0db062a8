import { useTranslation } from "react-i18next";
import { AlertDialog } from "@/ui/AlertDialog";
import { toast } from "@/ui/toast";
import { useRemoveSample } from "../model/sample";
import type { Parts } from "./parts";

interface Props {
  parts: Parts;
  onClose: () => void;
}

/** Says what goes and what stays, before it goes. */
export function RemoveSample({ parts, onClose }: Props) {
  const { t } = useTranslation("sample");
  const remove = useRemoveSample();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onClose()}
      title={t("removeTitle")}
      text={
        <div className="grid gap-2">
          {parts ? <p>{t("removeText", parts)}</p> : null}
          <p>{t("removeStays")}</p>
        </div>
      }
      action={t("remove")}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toast(t("removed"));
            onClose();
          },
        })
      }
    />
  );
}
