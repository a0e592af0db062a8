import {
  type Control,
  Controller,
  type FieldErrors,
  type UseFormRegister,
  type UseFormSetValue,
  useWatch,
} from "react-hook-form";
import { useTranslation } from "react-i18next";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import { TextField } from "@/ui/TextField";
import { type Protocol, type ServerValues, type Service, serviceOf, services } from "./server";

/** The part of a form that these fields need to know; its other values are its own. */
export interface ServerForm {
  control: Control<ServerValues>;
  register: UseFormRegister<ServerValues>;
  setValue: UseFormSetValue<ServerValues>;
  errors: FieldErrors<ServerValues>;
}

interface Props {
  form: ServerForm;
  protocol: Protocol;
  /** Something to sign in with is kept already: leaving it out keeps it. */
  kept: boolean;
}

/** The mail server that is signed in at: which, how protected, and as whom. */
export function ServerFields({ form, protocol, kept }: Props) {
  const { t } = useTranslation("settings");
  const { control, register, errors } = form;
  return (
    <>
      <ServiceSelect form={form} protocol={protocol} />
      <div className="grid gap-4 sm:grid-cols-[1fr_6rem]">
        <Field label={t("ways.host")} error={errors.host?.message}>
          <TextField
            autoComplete="off"
            spellCheck={false}
            {...register("host", { required: t("ways.hostMissing") })}
          />
        </Field>
        <Field label={t("ways.port")} error={errors.port?.message}>
          <TextField
            type="number"
            inputMode="numeric"
            min={1}
            max={65535}
            {...register("port", {
              valueAsNumber: true,
              validate: (port) => (port > 0 && port < 65536 ? undefined : t("ways.portMissing")),
            })}
          />
        </Field>
      </div>
      <Controller
        control={control}
        name="tls"
        render={({ field }) => (
          <Field label={t("ways.tls")} error={errors.tls?.message}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={(["tls", "starttls"] as const).map((value) => ({
                value,
                label: t(`ways.tlsKind.${value}`),
              }))}
            />
          </Field>
        )}
      />
      <Field
        label={t("ways.username")}
        hint={t("ways.usernameHint")}
        error={errors.username?.message}
      >
        <TextField
          autoComplete="off"
          spellCheck={false}
          {...register("username", { required: t("ways.usernameMissing") })}
        />
      </Field>
      <SignIn form={form} kept={kept} protocol={protocol} />
    </>
  );
}

/** Fills in what is known of the big ones. */
function ServiceSelect({ form, protocol }: Omit<Props, "kept">) {
  const { t } = useTranslation("settings");
  const host = useWatch({ control: form.control, name: "host" });
  const names = [...Object.keys(services), "other"] as Service[];
  const choose = (name: Service) => {
    if (name === "other") return form.setValue("host", "", { shouldDirty: true });
    const [known, port, tls] = services[name][protocol];
    form.setValue("host", known, { shouldDirty: true, shouldValidate: true });
    form.setValue("port", port, { shouldDirty: true });
    form.setValue("tls", tls, { shouldDirty: true });
  };
  return (
    <Field label={t("ways.service")}>
      <Select
        value={serviceOf(host, protocol)}
        onChange={choose}
        options={names.map((value) => ({ value, label: t(`ways.services.${value}`) }))}
      />
    </Field>
  );
}

function SignIn({ form, kept, protocol }: Props) {
  const { t } = useTranslation("settings");
  const { control, register, errors } = form;
  const [auth, host] = useWatch({ control, name: ["auth", "host"] });
  const hints = [t(`ways.passwordOf.${serviceOf(host, protocol)}`)];
  if (kept) hints.unshift(t("ways.passwordKept"));
  return (
    <>
      <Controller
        control={control}
        name="auth"
        render={({ field }) => (
          <Field label={t("ways.auth")} error={errors.auth?.message}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={(["password", "xoauth2"] as const).map((value) => ({
                value,
                label: t(`ways.authKind.${value}`),
              }))}
            />
          </Field>
        )}
      />
      {auth === "password" ? (
        <Field
          label={t("ways.password")}
          hint={hints.join(" ")}
          error={errors.password?.message}
          optional={kept}
        >
          <TextField type="password" autoComplete="new-password" {...register("password")} />
        </Field>
      ) : (
        <Access form={form} kept={kept} />
      )}
    </>
  );
}

/** OAuth 2.0: an application of the business's own, and the token that it was given once. */
function Access({ form, kept }: Omit<Props, "protocol">) {
  const { t } = useTranslation("settings");
  const { control, register, errors } = form;
  const provider = useWatch({ control, name: "provider" });
  return (
    <>
      <Controller
        control={control}
        name="provider"
        render={({ field }) => (
          <Field label={t("ways.provider")} error={errors.provider?.message}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={(["google", "microsoft", "custom"] as const).map((value) => ({
                value,
                label: t(`ways.providers.${value}`),
              }))}
            />
          </Field>
        )}
      />
      {provider === "custom" ? (
        <Field label={t("ways.tokenUrl")} error={errors.token_url?.message}>
          <TextField type="url" autoComplete="off" {...register("token_url")} />
        </Field>
      ) : (
        <Field label={t("ways.scope")} hint={t("ways.scopeHint")}>
          <CopyField mono value={scopes[provider]} />
        </Field>
      )}
      <Field label={t("ways.clientId")} error={errors.client_id?.message}>
        <TextField
          autoComplete="off"
          spellCheck={false}
          {...register("client_id", { required: t("ways.clientIdMissing") })}
        />
      </Field>
      <Field
        label={t("ways.clientSecret")}
        hint={kept ? t("ways.secretKept") : undefined}
        error={errors.client_secret?.message}
        optional
      >
        <TextField type="password" autoComplete="off" {...register("client_secret")} />
      </Field>
      <Field
        label={t("ways.refreshToken")}
        hint={t(kept ? "ways.secretKept" : "ways.refreshTokenHint")}
        error={errors.refresh_token?.message}
        optional={kept}
      >
        <TextField type="password" autoComplete="off" {...register("refresh_token")} />
      </Field>
    </>
  );
}

/** What the application must be allowed to do. */
const scopes = {
  google: "https://mail.google.com/",
  microsoft:
    "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
};
