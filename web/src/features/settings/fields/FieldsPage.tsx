import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/content";
import { describe } from "@/api/problem";
import type { MergeField } from "@/api/types";
import { ErrorState } from "@/ui/ErrorState";
import { Field } from "@/ui/Field";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toast";
import { useSaveDefault } from "../model/signatures";
import { RowsSkeleton } from "../Rows";
import { SettingsPage, SettingsSection } from "../SettingsPage";

const groups = ["contact", "user", "conversation", "account", "channel"] as const;

/** What merge fields become where nothing is known. */
export function FieldsPage() {
  const { t } = useTranslation(["settings", "composer"]);
  const list = useQuery(mergeFieldsQuery);
  return (
    <SettingsPage title={t("fields.title")} text={t("fields.text")}>
      {list.error && !list.data ? (
        <div className="flex rounded-xl border border-line">
          <ErrorState {...describe(list.error)} onRetry={() => void list.refetch()} />
        </div>
      ) : list.data ? (
        groups.map((group) => (
          <SettingsSection key={group} title={t(`composer:merge.group.${group}`)}>
            <ul className="divide-y rounded-xl border border-line">
              {list.data
                .filter((field) => field.group === group)
                // The thread always is something.
                .filter(({ name }) => name !== "conversation.history")
                .map((field) => (
                  <li key={field.name} className="px-4 py-3">
                    <Default field={field} />
                  </li>
                ))}
            </ul>
          </SettingsSection>
        ))
      ) : (
        <RowsSkeleton />
      )}
    </SettingsPage>
  );
}

/** Saved as soon as the field is left, or by Enter. */
function Default({ field }: { field: MergeField }) {
  const { t } = useTranslation(["settings", "composer"]);
  const save = useSaveDefault();
  const [text, setText] = useState(field.default);
  const label = t(
    `composer:field.${field.name.replace(".", "_")}` as "composer:field.contact_name",
    {
      defaultValue: field.name,
    },
  );
  function keep(): void {
    const wanted = text.trim();
    if (wanted === field.default || save.isPending) return;
    save.mutate(
      { name: field.name, default: wanted },
      { onSuccess: () => toast(t("fields.saved", { field: label })) },
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
      className="grid items-start gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
    >
      <div className="min-w-0">
        <p className="truncate font-medium">{label}</p>
        <p className="truncate text-fg-3 text-xs">
          <code className="font-mono">{field.name}</code>
          {field.sample ? ` · ${t("fields.sample", { sample: field.sample })}` : null}
        </p>
      </div>
      <Field
        label={t("fields.default", { field: label })}
        hideLabel
        {...(save.error ? { error: save.error.message } : {})}
      >
        <TextField
          autoComplete="off"
          maxLength={200}
          placeholder={t("fields.none")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
        />
      </Field>
    </form>
  );
}
