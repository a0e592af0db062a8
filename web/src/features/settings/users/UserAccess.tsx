import { useQuery } from "@tanstack/react-query";
import { Controller, type UseFormReturn, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { inboxesQuery } from "@/api/nouns";
import type { Role } from "@/api/types";
import { Checkbox } from "@/ui/Checkbox";
import { Field } from "@/ui/Field";
import { RadioGroup } from "@/ui/RadioGroup";
import { Select } from "@/ui/Select";

const roles: readonly Role[] = ["owner", "admin", "agent", "light_agent"];

export interface AccessValues {
  role: Role;
  all_inboxes: boolean;
  inbox_ids: number[];
}

/** What a user may do, and which inboxes they see. */
export function UserAccess<Values extends AccessValues>(props: { form: UseFormReturn<Values> }) {
  // The fields are those of AccessValues, whatever else the form holds.
  const form = props.form as unknown as UseFormReturn<AccessValues>;
  const { t } = useTranslation("settings");
  const me = useMe();
  const inboxes = useQuery(inboxesQuery).data ?? [];
  const all = useWatch({ control: form.control, name: "all_inboxes" });
  const { errors } = form.formState;
  return (
    <>
      <Controller
        control={form.control}
        name="role"
        render={({ field }) => (
          <Field label={t("users.roleLabel")} error={errors.role?.message}>
            <Select
              value={field.value}
              onChange={field.onChange}
              options={roles
                .filter((role) => role !== "owner" || me.user.role === "owner")
                .map((role) => ({
                  value: role,
                  label: t(`users.role.${role}.label`),
                  hint: t(`users.role.${role}.hint`),
                }))}
            />
          </Field>
        )}
      />
      <Controller
        control={form.control}
        name="all_inboxes"
        render={({ field }) => (
          <RadioGroup
            label={t("users.sees")}
            value={field.value ? "all" : "some"}
            onChange={(value) => field.onChange(value === "all")}
            options={[
              { value: "all", label: t("users.seesAll"), hint: t("users.seesAllHint") },
              { value: "some", label: t("users.seesSome") },
            ]}
          />
        )}
      />
      {all ? null : (
        <Controller
          control={form.control}
          name="inbox_ids"
          render={({ field }) => (
            <fieldset className="-mt-2 ml-6.5 max-h-44 overflow-y-auto rounded-lg border border-line px-3 py-1">
              <legend className="sr-only">{t("users.seesSome")}</legend>
              {inboxes.map((inbox) => (
                <Checkbox
                  key={inbox.id}
                  label={inbox.name}
                  checked={field.value.includes(inbox.id)}
                  onChange={(on) =>
                    field.onChange(
                      on ? [...field.value, inbox.id] : field.value.filter((id) => id !== inbox.id),
                    )
                  }
                />
              ))}
            </fieldset>
          )}
        />
      )}
    </>
  );
}
