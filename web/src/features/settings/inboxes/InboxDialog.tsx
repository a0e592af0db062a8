import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { showProblem } from "@/api/form";
import type { ApiProblem } from "@/api/problem";
import type { AssigneeRule, Inbox } from "@/api/types";
import { Button } from "@/ui/Button";
import { ColorField } from "@/ui/ColorField";
import { toDotColor } from "@/ui/colors";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useChangeInbox, useCreateInbox } from "../model/inboxes";
import { ArchiveInbox } from "./ArchiveInbox";
import { AssigneeSelect, type InboxValues } from "./AssigneeSelect";
import { MembersField } from "./MembersField";

const rules: readonly AssigneeRule[] = [
  "nobody",
  "user",
  "contact_owner",
  "round_robin",
  "least_busy",
];

interface Props {
  /** null: a new one. */
  inbox: Inbox | null;
  onClose: () => void;
}

export function InboxDialog({ inbox, onClose }: Props) {
  const { t } = useTranslation("settings");
  const create = useCreateInbox();
  const change = useChangeInbox();
  const [archiving, setArchiving] = useState(false);
  const form = useForm<InboxValues>({
    defaultValues: {
      name: inbox?.name ?? "",
      color: inbox ? toDotColor(inbox.color) : "indigo",
      assignee_rule: inbox?.assignee_rule ?? "nobody",
      default_assignee_id: inbox?.default_assignee_id ?? null,
      assign_on_reply: inbox?.assign_on_reply ?? true,
      member_ids: inbox?.member_ids ?? [],
    },
  });
  const { errors } = form.formState;
  const rule = useWatch({ control: form.control, name: "assignee_rule" });

  const submit = form.handleSubmit((values) => {
    const body = {
      ...values,
      default_assignee_id: values.assignee_rule === "user" ? values.default_assignee_id : null,
    };
    const options = {
      onSuccess: () => {
        toast(t(inbox ? "inboxes.saved" : "inboxes.created", { name: values.name }));
        onClose();
      },
      onError: (problem: ApiProblem) => showProblem(form, problem),
    };
    if (inbox) change.mutate({ id: inbox.id, ...body }, options);
    else create.mutate(body, options);
  });
  return (
    <FormDialog
      title={inbox?.name ?? t("inboxes.newTitle")}
      error={errors.root?.server?.message}
      busy={create.isPending || change.isPending}
      action={inbox ? undefined : t("inboxes.create")}
      aside={
        inbox ? (
          <Button look="danger-ghost" onClick={() => setArchiving(true)}>
            {t("inboxes.archive")}
          </Button>
        ) : null
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("inboxes.name")} error={errors.name?.message}>
        <TextField
          autoComplete="off"
          {...form.register("name", { required: t("inboxes.nameMissing") })}
        />
      </Field>
      <Controller
        control={form.control}
        name="color"
        render={({ field }) => (
          <Field label={t("inboxes.color")} group>
            <ColorField value={field.value} onChange={field.onChange} />
          </Field>
        )}
      />
      <Controller
        control={form.control}
        name="assignee_rule"
        render={({ field }) => (
          <Field label={t("inboxes.assignee")} hint={t("inboxes.assigneeHint")}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={rules.map((value) => ({
                value,
                label: t(`inboxes.rule.${value}.label`),
                hint: t(`inboxes.rule.${value}.hint`),
              }))}
            />
          </Field>
        )}
      />
      {rule === "user" ? <AssigneeSelect control={form.control} /> : null}
      <Controller
        control={form.control}
        name="assign_on_reply"
        render={({ field }) => (
          <Switch
            label={t("inboxes.assignOnReply")}
            hint={t("inboxes.assignOnReplyHint")}
            checked={field.value}
            onChange={field.onChange}
          />
        )}
      />
      <Controller
        control={form.control}
        name="member_ids"
        render={({ field }) => <MembersField value={field.value} onChange={field.onChange} />}
      />
      {archiving && inbox ? (
        <ArchiveInbox inbox={inbox} onCancel={() => setArchiving(false)} onDone={onClose} />
      ) : null}
    </FormDialog>
  );
}
