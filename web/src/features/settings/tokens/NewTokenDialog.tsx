import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { TextField } from "@/ui/TextField";
import { useCreateToken } from "../model/tokens";

/** Asks what the token is for, then shows it this once: only its hash is kept. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const create = useCreateToken();
  const form = useForm({ defaultValues: { name: "" } });
  const { errors } = form.formState;
  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => open || onClose()}
        title={create.data.name}
        footer={
          <Button look="primary" onClick={onClose}>
            {t("tokens.done")}
          </Button>
        }
      >
        <div className="grid gap-4 pb-2">
          <Banner tone="warn">{t("tokens.once")}</Banner>
          <Field label={t("tokens.token")} hint={t("tokens.tokenHint")}>
            <CopyField value={create.data.token} mono />
          </Field>
        </div>
      </Dialog>
    );
  }
  const submit = form.handleSubmit((values) =>
    create.mutate(values, { onError: (problem) => showProblem(form, problem) }),
  );
  return (
    <FormDialog
      title={t("tokens.newTitle")}
      description={t("tokens.newText")}
      error={errors.root?.server?.message}
      busy={create.isPending}
      action={t("tokens.create")}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("tokens.name")} hint={t("tokens.nameHint")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("tokens.nameMissing") })}
        />
      </Field>
    </FormDialog>
  );
}
