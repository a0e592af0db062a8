import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Channel } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { FormDialog } from "@/ui/FormDialog";
import { RadioGroup } from "@/ui/RadioGroup";
import { type OutgoingBody, useCheckOutgoing, useSetOutgoing } from "../model/ways";
import { CheckButton, CheckResult } from "./Check";
import { ServerFields, type ServerForm } from "./ServerFields";
import { type ServerValues, secretOf, serverOf, serverValues } from "./server";
import { useWayForm } from "./use-way-form";

interface Values extends ServerValues {
  way: OutgoingBody["way"];
}

interface Props {
  channel: Channel;
  onClose: () => void;
}

/** How the channel's mail leaves. */
export function OutgoingDialog({ channel, onClose }: Props) {
  const { t } = useTranslation("settings");
  const { relay_configured: relay } = useMe();
  const { smtp, way } = channel.outgoing;
  const set = useSetOutgoing();
  const check = useCheckOutgoing();
  const form = useForm<Values>({
    defaultValues: { ...serverValues(smtp, "smtp", channel.address), way },
  });
  const chosen = useWatch({ control: form.control, name: "way" });
  const { errors } = form.formState;
  const { submit, tryIt } = useWayForm({ channel: channel.id, form, bodyOf, set, check, onClose });
  return (
    <FormDialog
      title={t("ways.outTitle")}
      description={channel.address}
      error={errors.root?.server?.message}
      busy={set.isPending}
      blocked={check.isPending}
      aside={<CheckButton check={check} onPress={tryIt} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <Controller
        control={form.control}
        name="way"
        render={({ field }) => (
          <RadioGroup
            label={t("ways.out")}
            value={field.value}
            onChange={(next) => {
              field.onChange(next);
              form.clearErrors();
              check.reset();
            }}
            options={(["default", "smtp"] as const).map((value) => ({
              value,
              label: t(`ways.outWay.${value}`),
              hint: t(`ways.outWayHint.${value}`),
            }))}
          />
        )}
      />
      {chosen === "default" && !relay ? <Banner tone="warn">{t("ways.noRelay")}</Banner> : null}
      {chosen === "smtp" ? (
        <ServerFields
          form={{ ...form, errors } as unknown as ServerForm}
          protocol="smtp"
          kept={Boolean(smtp)}
        />
      ) : null}
      <CheckResult check={check} good={t("ways.outWorks")} />
    </FormDialog>
  );
}

function bodyOf(values: Values): OutgoingBody {
  if (values.way === "default") return { way: "default" };
  return { way: "smtp", smtp: serverOf(values), ...secretOf(values) };
}
