import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { ChooseAccount } from "./ChooseAccount";
import { accountChoices, type Credentials, useSignIn } from "./model/queries";

const route = getRouteApi("/outside/sign-in");

export function SignInPage() {
  const { t } = useTranslation("auth");
  useTitle(t("signIn.title"));
  const router = useRouter();
  const { return: to } = route.useSearch();
  const signIn = useSignIn();
  const [given, setGiven] = useState<Credentials | null>(null);
  const form = useForm<Credentials>({ defaultValues: { email: "", password: "" } });
  const { errors } = form.formState;

  const enter = (credentials: Credentials) => {
    setGiven(credentials);
    signIn.mutate(credentials, { onSuccess: () => router.history.push(to ?? "/inbox") });
  };
  const choices = accountChoices(signIn.error);
  if (choices && given) {
    return (
      <ChooseAccount
        accounts={choices}
        busy={signIn.isPending}
        onChoose={(id) => enter({ ...given, account_id: id })}
        onBack={signIn.reset}
      />
    );
  }
  return (
    <form onSubmit={form.handleSubmit(enter)} noValidate className="grid gap-4">
      <h1 className="font-semibold text-xl">{t("signIn.title")}</h1>
      <FormError message={signIn.error?.message} />
      <Field label={t("email")} error={errors.email?.message}>
        <TextField
          type="email"
          autoComplete="username"
          {...form.register("email", { required: t("emailMissing") })}
        />
      </Field>
      <Field label={t("password")} error={errors.password?.message}>
        <TextField
          type="password"
          autoComplete="current-password"
          {...form.register("password", { required: t("passwordMissing") })}
        />
      </Field>
      <Button type="submit" look="primary" size="large" busy={signIn.isPending}>
        {t("signIn.action")}
      </Button>
      <Link to="/forgot" className="justify-self-start text-accent-text hover:underline">
        {t("signIn.forgot")}
      </Link>
    </form>
  );
}
