import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useEffect } from "react";
import { type Control, Controller, type UseFormReturn, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { inboxesQuery } from "@/api/nouns";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import type { ChannelInput } from "../model/channels";
import { InboxSelect } from "./InboxSelect";

/** Stands in the list of inboxes for one that is made together with the channel. */
export const newInbox = 0;

/** What a form asks that makes a channel: its name, and where its conversations go. */
export interface RouteValues {
  name: string;
  inbox_id: number | null;
  /** Of an inbox that is made with it; null: nothing was typed, so the channel's own name. */
  new_inbox: string | null;
}

/** A channel can be made before there is any inbox: then its inbox is made with it. */
export function InboxChoice<Values extends RouteValues>(props: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation("settings");
  // The parts below know only these three of the form's fields.
  const form = props.form as unknown as UseFormReturn<RouteValues>;
  const inboxes = useQuery(inboxesQuery).data;
  const chosen = useWatch({ control: form.control, name: "inbox_id" });
  useEffect(() => {
    // Opened by its address, the form stands before the inboxes are there.
    if (!inboxes || form.getValues("inbox_id") !== null) return;
    form.setValue("inbox_id", inboxes[0]?.id ?? newInbox);
  }, [inboxes, form]);
  const fresh = { value: newInbox, label: t("inboxes.new"), icon: <Plus size={14} aria-hidden /> };
  return (
    <>
      <InboxSelect control={form.control} name="inbox_id" more={[fresh]} />
      {chosen === newInbox ? <NewName control={form.control} /> : null}
    </>
  );
}

function NewName({ control }: { control: Control<RouteValues> }) {
  const { t } = useTranslation("settings");
  const channel = useWatch({ control, name: "name" });
  return (
    <Controller
      control={control}
      name="new_inbox"
      rules={{ validate: (name) => (name?.trim() === "" ? t("inboxes.nameMissing") : undefined) }}
      render={({ field: { value, ...field }, fieldState }) => (
        <Field
          label={t("channels.newInbox")}
          hint={t("channels.newInboxHint")}
          error={fieldState.error?.message}
        >
          <TextField autoComplete="off" {...field} value={value ?? channel} />
        </Field>
      )}
    />
  );
}

/** The part of a new channel that says where its conversations go; null: nothing is chosen yet. */
export function routeOf(values: RouteValues): Pick<ChannelInput, "inbox_id" | "new_inbox"> | null {
  const { name, inbox_id, new_inbox } = values;
  if (inbox_id === null) return null;
  return inbox_id === newInbox ? { new_inbox: new_inbox ?? name } : { inbox_id };
}
