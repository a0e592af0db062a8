import { useQuery } from "@tanstack/react-query";
import { Suspense, useId, useState } from "react";
import { Controller, type UseFormReturn, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { cannedFoldersQuery } from "@/api/content";
import { showProblem } from "@/api/form";
import { useMay } from "@/api/me";
import type { ApiProblem } from "@/api/problem";
import type { Attachment, CannedMessage } from "@/api/types";
import { RichText } from "@/features/composer";
import { relativeTime } from "@/lib/dates";
import { AlertDialog } from "@/ui/AlertDialog";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { RadioGroup } from "@/ui/RadioGroup";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeCanned, useCreateCanned, useDeleteCanned } from "../model/canned";

interface Values {
  name: string;
  shortcut: string;
  folder: string;
  shared: boolean;
  subject: string;
  html: string;
  files: Attachment[];
}

interface Props {
  /** Absent for a new one. */
  canned: CannedMessage | undefined;
  onClose: () => void;
}

/** Everything about one canned message. */
export function CannedDialog({ canned, onClose }: Props) {
  const { t } = useTranslation(["settings", "common"]);
  const settings = useMay("settings");
  const create = useCreateCanned();
  const change = useChangeCanned();
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>({
    defaultValues: {
      name: canned?.name ?? "",
      shortcut: canned?.shortcut ?? "",
      folder: canned?.folder ?? "",
      shared: canned?.shared ?? settings,
      subject: canned?.subject ?? "",
      html: canned?.html ?? "",
      files: canned?.attachments ?? [],
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ files, ...values }) => {
    const fields = {
      ...values,
      shortcut: values.shortcut.trim().replace(/^\//, ""),
      attachment_ids: files.map(({ id }) => id),
    };
    const done = {
      onSuccess: () => {
        toast(t("canned.saved"));
        onClose();
      },
      onError: (problem: ApiProblem) => showProblem(form, problem),
    };
    if (canned) change.mutate({ id: canned.id, ...fields }, done);
    else create.mutate(fields, done);
  });
  return (
    <FormDialog
      size="large"
      title={canned?.name ?? t("canned.newTitle")}
      description={canned ? <Usage canned={canned} /> : undefined}
      action={canned ? undefined : t("canned.create")}
      error={errors.root?.server?.message}
      busy={create.isPending || change.isPending}
      aside={
        canned ? (
          <Button look="danger-ghost" onClick={() => setDeleting(true)}>
            {t("common:delete")}
          </Button>
        ) : undefined
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Names form={form} />
      <Controller
        control={form.control}
        name="shared"
        render={({ field }) => (
          <RadioGroup
            label={t("canned.who")}
            value={field.value ? "shared" : "own"}
            onChange={(value) => field.onChange(value === "shared")}
            options={[
              {
                value: "shared",
                label: t("canned.shared"),
                hint: t(settings ? "canned.sharedHint" : "canned.sharedNot"),
                disabled: !settings,
              },
              { value: "own", label: t("canned.own"), hint: t("canned.ownHint") },
            ]}
          />
        )}
      />
      <Field
        label={t("canned.subject")}
        hint={t("canned.subjectHint")}
        error={errors.subject?.message}
        optional
      >
        <TextField autoComplete="off" maxLength={500} {...form.register("subject")} />
      </Field>
      <Text form={form} />
      {canned && deleting ? (
        <DeleteCanned canned={canned} onCancel={() => setDeleting(false)} onDone={onClose} />
      ) : null}
    </FormDialog>
  );
}

function Usage({ canned }: { canned: CannedMessage }) {
  const { t } = useTranslation("settings");
  if (!canned.last_used_at) return t("canned.unused");
  const when = relativeTime(canned.last_used_at);
  return t("canned.usage", { uses: t("canned.uses", { count: canned.uses }), when });
}

/** By what it is found: a name, a shortcut behind the “/”, a folder. */
function Names({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation("settings");
  const list = useId();
  const folders = useQuery(cannedFoldersQuery).data ?? [];
  const { errors } = form.formState;
  return (
    <>
      <Field label={t("canned.name")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          maxLength={200}
          {...form.register("name", { required: t("canned.nameMissing") })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("canned.shortcut")}
          hint={t("canned.shortcutHint")}
          error={errors.shortcut?.message}
          optional
        >
          <TextField
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={50}
            {...form.register("shortcut")}
          />
        </Field>
        <Field
          label={t("canned.folder")}
          hint={t("canned.folderHint")}
          error={errors.folder?.message}
          optional
        >
          <TextField autoComplete="off" maxLength={100} list={list} {...form.register("folder")} />
        </Field>
        <datalist id={list}>
          {folders.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </>
  );
}

function Text({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation("settings");
  const { errors } = form.formState;
  const [initial] = useState(() => form.getValues("html"));
  const files = form.watch("files");
  form.register("html", {
    validate: (html) => (html.trim() ? undefined : t("canned.textMissing")),
  });
  return (
    <Field label={t("canned.body")} hint={t("canned.bodyHint")} error={errors.html?.message} group>
      <Suspense fallback={<div className="h-36 rounded-lg border border-control" />}>
        <RichText
          label={t("canned.body")}
          placeholder={t("canned.placeholder")}
          initial={initial}
          history
          onChange={(html) => form.setValue("html", html)}
          files={files}
          onFiles={(next) => form.setValue("files", next(form.getValues("files")))}
        />
      </Suspense>
    </Field>
  );
}

interface DeleteProps {
  canned: CannedMessage;
  onCancel: () => void;
  onDone: () => void;
}

function DeleteCanned({ canned, onCancel, onDone }: DeleteProps) {
  const { t } = useTranslation("settings");
  const remove = useDeleteCanned();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onCancel()}
      title={t("canned.deleteTitle", { name: canned.name })}
      text={t(canned.shared ? "canned.deleteShared" : "canned.deleteOwn")}
      action={t("canned.delete")}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(canned.id, {
          onSuccess: () => {
            toast(t("canned.deleted", { name: canned.name }));
            onDone();
          },
        })
      }
    />
  );
}
