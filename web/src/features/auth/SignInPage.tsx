import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import { type Credentials, useSignIn } from "./model/queries";

const route = getRouteApi("/outside/sign-in");

export function SignInPage() {
  const { t } = useTranslation("auth");
  const router = useRouter();
  const { return: to } = route.useSearch();
  const signIn = useSignIn();
  const { register, handleSubmit, formState } = useForm<Credentials>();
  const submit = handleSubmit((values) =>
    signIn.mutate(values, { onSuccess: () => router.history.push(to ?? "/inbox") }),
  );
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <h1 className="font-semibold text-xl">{t("signIn.title")}</h1>
      {signIn.error ? (
        <Banner tone="danger" alert>
          {signIn.error.message}
        </Banner>
      ) : null}
      <Field label={t("email")} error={formState.errors.email?.message}>
        <TextField
          type="email"
          autoComplete="username"
          {...register("email", { required: t("emailMissing") })}
        />
      </Field>
      <Field label={t("password")} error={formState.errors.password?.message}>
        <TextField
          type="password"
          autoComplete="current-password"
          {...register("password", { required: t("passwordMissing") })}
        />
      </Field>
      <Button type="submit" look="primary" size="large" busy={signIn.isPending}>
        {t("signIn.action")}
      </Button>
    </form>
  );
}
