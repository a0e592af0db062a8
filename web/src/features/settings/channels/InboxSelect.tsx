import { useQuery } from "@tanstack/react-query";
import { type Control, Controller, type FieldPathByValue, type FieldValues } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { inboxesQuery } from "@/api/nouns";
import { Dot } from "@/ui/Chip";
import { Field } from "@/ui/Field";
import { type Option, Select } from "@/ui/Select";

interface Props<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPathByValue<Values, number | null>;
  /** Offered below those that are there. */
  more?: readonly Option<number>[];
}

/** "Route new conversations to". */
export function InboxSelect<Values extends FieldValues>(props: Props<Values>) {
  const { control, name, more = [] } = props;
  const { t } = useTranslation("settings");
  const inboxes = useQuery(inboxesQuery).data ?? [];
  return (
    <Controller
      control={control}
      name={name}
      rules={{ required: t("channels.inboxMissing") }}
      render={({ field, fieldState }) => (
        <Field label={t("channels.inbox")} error={fieldState.error?.message}>
          <Select
            ref={field.ref}
            value={field.value}
            onChange={field.onChange}
            placeholder={t("channels.inboxChoose")}
            options={[
              ...inboxes.map((inbox) => ({
                value: inbox.id,
                label: inbox.name,
                icon: <Dot color={inbox.color} />,
              })),
              ...more,
            ]}
          />
        </Field>
      )}
    />
  );
}
