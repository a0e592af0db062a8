import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Dialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/ErrorState";
import { Field } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { useResendInvite } from "../model/users";

/** Makes a new link, mails it where mail can be sent, and shows it to hand over by other means. */
export function LinkDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const { relay_configured: canSend } = useMe();
  const { mutate, data, error } = useResendInvite();
  useEffect(() => mutate(user.id), [mutate, user.id]);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("users.linkTitle", { name: user.name || user.email })}
      description={canSend ? t("users.linkText", { email: user.email }) : t("users.linkTextNoMail")}
      footer={
        <Button look="primary" onClick={onClose}>
          {t("users.linkDone")}
        </Button>
      }
    >
      {error ? (
        <ErrorState
          text={error.message}
          requestId={error.requestId}
          onRetry={() => mutate(user.id)}
        />
      ) : (
        <Field label={t("users.link")} hint={t("users.linkHint")}>
          {data ? <CopyField value={data.link} mono /> : <Skeleton className="h-9 w-full" />}
        </Field>
      )}
    </Dialog>
  );
}
