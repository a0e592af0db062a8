import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { LinkInfo } from "@/api/types";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { useAnswerLink } from "./model/queries";

interface Props {
  token: string;
  info: LinkInfo;
  onDone: () => void;
}

export function LinkForm({ token, info, onDone }: Props) {
  const { t } = useTranslation("auth");
  const answer = useAnswerLink();
  const form = useForm({ defaultValues: { name: info.name, password: "" } });
  const { errors } = form.formState;
  const invited = info.kind === "invite";
  const submit = form.handleSubmit(({ name, password }) =>
    answer.mutate(invited ? { token, password, name } : { token, password }, {
      onSuccess: onDone,
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <div>
        <h1 className="break-words font-semibold text-xl">
          {invited ? t("invite.join", { account: info.account_name }) : t("reset.title")}
        </h1>
        <p className="mt-1 break-words text-fg-2">
          {t(`${info.kind}.text`, { email: info.email, account: info.account_name })}
        </p>
      </div>
      <FormError message={errors.root?.server?.message} />
      {/* Password managers file the password under this. */}
      <input type="hidden" name="username" autoComplete="username" value={info.email} readOnly />
      {invited ? (
        <Field label={t("name")} error={errors.name?.message}>
          <TextField
            autoComplete="name"
            {...form.register("name", { required: t("nameMissing") })}
          />
        </Field>
      ) : null}
      <Field label={t("newPassword")} hint={t("passwordHint")} error={errors.password?.message}>
        <TextField
          type="password"
          autoComplete="new-password"
          {...form.register("password", { required: t("newPasswordMissing") })}
        />
      </Field>
      <Button type="submit" look="primary" size="large" busy={answer.isPending}>
        {t(`${info.kind}.action`)}
      </Button>
    </form>
  );
}
