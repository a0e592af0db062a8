import { useQuery } from "@tanstack/react-query";
import { type Control, Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/nouns";
import type { AssigneeRule } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import type { DotColor } from "@/ui/colors";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";

export interface InboxValues {
  name: string;
  color: DotColor;
  assignee_rule: AssigneeRule;
  default_assignee_id: number | null;
  assign_on_reply: boolean;
  member_ids: number[];
}

/** Whoever gets every new conversation of the inbox. */
export function AssigneeSelect({ control }: { control: Control<InboxValues> }) {
  const { t } = useTranslation("settings");
  const users = useQuery(usersQuery).data ?? [];
  return (
    <Controller
      control={control}
      name="default_assignee_id"
      rules={{ required: t("inboxes.userMissing") }}
      render={({ field, fieldState }) => (
        <Field label={t("inboxes.user")} error={fieldState.error?.message}>
          <Select
            value={field.value}
            onChange={field.onChange}
            placeholder={t("inboxes.userChoose")}
            options={users
              .filter((user) => !user.disabled)
              .map((user) => ({
                value: user.id,
                label: user.name,
                icon: <Avatar name={user.name} size={20} />,
              }))}
          />
        </Field>
      )}
    />
  );
}
