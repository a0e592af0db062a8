import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormError } from "@/ui/FormError";
import { TextField } from "@/ui/TextField";
import { toastUndo } from "@/ui/toast";
import { useBlock, useUnblock } from "../model/blocklist";

/** Blocks at once, with a way back. */
export function AddBlock() {
  const { t } = useTranslation(["settings", "common"]);
  const block = useBlock();
  const unblock = useUnblock();
  const form = useForm({ defaultValues: { value: "", why: "" } });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    block.mutate(values, {
      onSuccess: ({ id, value }) => {
        form.reset();
        form.setFocus("value");
        toastUndo(t("blocklist.added", { value }), t("common:undo"), () => unblock.mutate(id));
      },
      onError: (problem) => showProblem(form, problem),
    }),
  );
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label={t("blocklist.add")}
      className="grid gap-3 rounded-xl border border-line p-4"
    >
      <FormError message={errors.root?.server?.message} />
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Field
          label={t("blocklist.value")}
          hint={t("blocklist.valueHint")}
          error={errors.value?.message}
        >
          <TextField
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="example.com"
            {...form.register("value", { required: t("blocklist.valueMissing") })}
          />
        </Field>
        <Field optional label={t("blocklist.why")} error={errors.why?.message}>
          <TextField autoComplete="off" {...form.register("why")} />
        </Field>
      </div>
      <Button type="submit" look="primary" className="justify-self-start" busy={block.isPending}>
        {t("blocklist.add")}
      </Button>
    </form>
  );
}
