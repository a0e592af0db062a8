import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/nouns";
import { Checkbox } from "@/ui/Checkbox";

interface Props {
  value: readonly number[];
  onChange: (ids: number[]) => void;
}

/** Who sees the inbox. Users that see every inbox are listed too, so that nobody is overlooked. */
export function MembersField({ value, onChange }: Props) {
  const { t } = useTranslation("settings");
  const id = useId();
  const users = useQuery(usersQuery).data ?? [];
  const toggle = (user: number, on: boolean) =>
    onChange(on ? [...value, user] : value.filter((each) => each !== user));
  return (
    <fieldset aria-describedby={id} className="grid gap-1">
      <legend className="font-medium">{t("inboxes.visible")}</legend>
      <p id={id} className="text-fg-3 text-xs">
        {t("inboxes.visibleHint")}
      </p>
      <div className="max-h-52 overflow-y-auto rounded-lg border border-line px-3 py-1">
        {users
          .filter((user) => !user.disabled)
          .map((user) => (
            <Checkbox
              key={user.id}
              label={user.name}
              hint={user.all_inboxes ? t("inboxes.seesAll") : user.email}
              checked={user.all_inboxes || value.includes(user.id)}
              disabled={user.all_inboxes}
              onChange={(on) => toggle(user.id, on)}
            />
          ))}
      </div>
    </fieldset>
  );
}
