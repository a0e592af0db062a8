import { Link2, UserCheck, UserX } from "lucide-react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { useMe } from "@/api/me";
import type { User } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextField } from "@/ui/TextField";
import { toast, toastUndo } from "@/ui/toast";
import { type UserChange, useChangeUser } from "../model/users";
import { type AccessValues, UserAccess } from "./UserAccess";

interface Props {
  user: User;
  onClose: () => void;
  onLink: () => void;
}

interface Values extends AccessValues {
  name: string;
}

export function UserDialog({ user, onClose, onLink }: Props) {
  const { t } = useTranslation(["settings", "common"]);
  const me = useMe();
  const change = useChangeUser();
  const { name, role, all_inboxes, inbox_ids } = user;
  const form = useForm<Values>({ defaultValues: { name, role, all_inboxes, inbox_ids } });
  const { errors } = form.formState;
  const send = (fields: Omit<UserChange, "id">, onSuccess: () => void) =>
    change.mutate(
      { id: user.id, ...fields },
      { onSuccess, onError: (problem) => showProblem(form, problem) },
    );
  const submit = form.handleSubmit((values) =>
    send(values, () => {
      toast(t("users.saved", { name: values.name }));
      onClose();
    }),
  );
  const setDisabled = (disabled: boolean) =>
    send({ disabled }, () => {
      onClose();
      toastUndo(
        t(disabled ? "users.disabledToast" : "users.enabledToast", { name }),
        t("common:undo"),
        () =>
          change.mutate(
            { id: user.id, disabled: !disabled },
            { onError: (problem) => toast(problem.message, { tone: "danger" }) },
          ),
      );
    });
  return (
    <FormDialog
      title={user.name || user.email}
      description={user.email}
      error={errors.root?.server?.message}
      busy={change.isPending}
      aside={
        user.id === me.user.id ? null : (
          <Button
            look="ghost"
            icon={
              user.disabled ? <UserCheck size={16} aria-hidden /> : <UserX size={16} aria-hidden />
            }
            onClick={() => setDisabled(!user.disabled)}
          >
            {t(user.disabled ? "users.enable" : "users.disable")}
          </Button>
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
      {user.disabled ? <Banner tone="warn">{t("users.disabledText")}</Banner> : null}
      {user.invited && !user.disabled ? (
        <Banner
          action={
            <Button size="small" icon={<Link2 size={14} aria-hidden />} onClick={onLink}>
              {t("users.sendAgain")}
            </Button>
          }
        >
          {t("users.invitedText")}
        </Banner>
      ) : null}
      <Field label={t("users.name")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("users.nameMissing") })}
        />
      </Field>
      <UserAccess form={form} />
    </FormDialog>
  );
}
