import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { keys } from "@/api/keys";
import { useMe } from "@/api/me";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeMe } from "../model/me";
import { SettingsSection } from "../SettingsPage";

export function PasswordSection() {
  const { t } = useTranslation("settings");
  const { user } = useMe();
  const queryClient = useQueryClient();
  const change = useChangeMe();
  const form = useForm({ defaultValues: { current_password: "", password: "" } });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        toast(t("profile.passwordSaved"));
        void queryClient.invalidateQueries({ queryKey: keys.sessions.all });
      },
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <SettingsSection title={t("profile.passwordTitle")} text={t("profile.passwordText")}>
      <form onSubmit={submit} noValidate className="grid max-w-100 gap-4">
        <FormError message={errors.root?.server?.message} />
        {/* Password managers file the new password under this. */}
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Field label={t("profile.currentPassword")} error={errors.current_password?.message}>
          <TextField
            type="password"
            autoComplete="current-password"
            {...form.register("current_password", { required: t("profile.currentMissing") })}
          />
        </Field>
        <Field
          label={t("profile.newPassword")}
          hint={t("profile.passwordHint")}
          error={errors.password?.message}
        >
          <TextField
            type="password"
            autoComplete="new-password"
            {...form.register("password", { required: t("profile.newMissing") })}
          />
        </Field>
        <Button type="submit" className="justify-self-start" busy={change.isPending}>
          {t("profile.changePassword")}
        </Button>
      </form>
    </SettingsSection>
  );
}
