import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Control, Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { allCannedQuery, signaturesQuery } from "@/api/content";
import type { Channel } from "@/api/types";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { signsFor } from "../model/signatures";

/** What a channel's letters end with, and what answers by itself. */
export interface MailValues {
  add_signature: boolean;
  autoresponder_id: number | null;
}

interface Props<Values extends MailValues> {
  channel: Channel;
  control: Control<Values>;
  errors: { add_signature?: { message?: string }; autoresponder_id?: { message?: string } };
}

export function ChannelMail<Values extends MailValues>(props: Props<Values>) {
  const { channel, errors } = props;
  // The parts below know only these two of the form's fields.
  const control = props.control as unknown as Control<MailValues>;
  return (
    <>
      <Signing channel={channel} control={control} error={errors.add_signature?.message} />
      <Autoresponder control={control} error={errors.autoresponder_id?.message} />
    </>
  );
}

interface SigningProps {
  channel: Channel;
  control: Control<MailValues>;
  error: string | undefined;
}

/** Can be switched on only once there is a signature to add. */
function Signing({ channel, control, error }: SigningProps) {
  const { t } = useTranslation("settings");
  const all = useQuery(signaturesQuery).data;
  const there = all ? signsFor(all, channel) : channel.add_signature;
  return (
    <Controller
      control={control}
      name="add_signature"
      render={({ field }) => (
        <div>
          <Switch
            label={t("channels.addSignature")}
            hint={
              there ? (
                t("channels.addSignatureHint")
              ) : (
                <>
                  {t("channels.noSignature")}{" "}
                  <Link to="/settings/signature" className="text-accent-text underline">
                    {t("channels.makeSignature")}
                  </Link>
                </>
              )
            }
            checked={field.value}
            disabled={!there && !field.value}
            onChange={field.onChange}
          />
          {error ? (
            <p role="alert" className="mt-1 text-danger text-xs">
              {error}
            </p>
          ) : null}
        </div>
      )}
    />
  );
}

interface ResponderProps {
  control: Control<MailValues>;
  error: string | undefined;
}

/** In place of the canned message, while it is on and none was chosen yet. */
const unchosen = 0;

/** One of the shared canned messages, sent to whoever begins a conversation. */
function Autoresponder({ control, error }: ResponderProps) {
  const { t } = useTranslation("settings");
  const all = useQuery(allCannedQuery).data;
  const shared = all?.filter((one) => one.shared) ?? [];
  return (
    <Controller
      control={control}
      name="autoresponder_id"
      rules={{
        validate: (id) => (id === unchosen ? t("channels.autoresponderMissing") : undefined),
      }}
      render={({ field }) => {
        const on = field.value !== null;
        const none = all !== undefined && shared.length === 0;
        return (
          <div className="grid gap-3">
            <Switch
              label={t("channels.autoresponder")}
              hint={
                none ? (
                  <>
                    {t("channels.noCanned")}{" "}
                    <Link
                      to="/settings/canned"
                      search={{ item: "new" }}
                      className="text-accent-text underline"
                    >
                      {t("channels.makeCanned")}
                    </Link>
                  </>
                ) : (
                  t("channels.autoresponderHint")
                )
              }
              checked={on}
              disabled={!on && shared.length === 0}
              onChange={(next) => field.onChange(next ? unchosen : null)}
            />
            {on ? (
              <Field label={t("channels.autoresponderWhich")} {...(error ? { error } : {})}>
                <Select
                  ref={field.ref}
                  value={field.value === unchosen ? null : field.value}
                  onChange={field.onChange}
                  placeholder={t("channels.autoresponderChoose")}
                  options={shared.map(({ id, name }) => ({ value: id, label: name }))}
                />
              </Field>
            ) : null}
          </div>
        );
      }}
    />
  );
}
