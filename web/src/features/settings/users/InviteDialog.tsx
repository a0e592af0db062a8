import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { useMe } from "@/api/me";
import type { User } from "@/api/types";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useInviteUser } from "../model/users";
import { type AccessValues, UserAccess } from "./UserAccess";

interface Props {
  onClose: () => void;
  /** Where no mail can be sent, the link has to be handed over. */
  onLink: (user: User) => void;
}

interface Values extends AccessValues {
  email: string;
  name: string;
}

export function InviteDialog({ onClose, onLink }: Props) {
  const { t } = useTranslation("settings");
  const { relay_configured: canSend } = useMe();
  const invite = useInviteUser();
  const form = useForm<Values>({
    defaultValues: { email: "", name: "", role: "agent", all_inboxes: true, inbox_ids: [] },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    invite.mutate(values, {
      onSuccess: (user) => {
        onClose();
        if (canSend) toast(t("users.invitedToast", { email: user.email }));
        else onLink(user);
      },
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <FormDialog
      title={t("users.inviteTitle")}
      description={canSend ? t("users.inviteText") : t("users.inviteTextNoMail")}
      error={errors.root?.server?.message}
      busy={invite.isPending}
      action={canSend ? t("users.inviteAction") : t("users.inviteActionNoMail")}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("users.email")} error={errors.email?.message}>
        <TextField
          type="email"
          autoComplete="off"
          {...form.register("email", { required: t("users.emailMissing") })}
        />
      </Field>
      <Field label={t("users.name")} hint={t("users.nameHint")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("users.nameMissing") })}
        />
      </Field>
      <UserAccess form={form} />
    </FormDialog>
  );
}
