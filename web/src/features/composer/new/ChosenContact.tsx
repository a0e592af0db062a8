import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { shownPhone } from "@/api/contacts";
import type { Contact } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Avatar } from "@/ui/Avatar";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { Select } from "@/ui/Select";
import { nameOf } from "../ContactPicker";
import { begunQuery, type ChannelType } from "../model/use-start";
import type { Reach } from "./use-reach";

interface Props {
  contact: Contact;
  type: ChannelType;
  reach: Reach;
  onPoint: (point: string) => void;
  onClear: () => void;
  /** To a message that was begun before. */
  onGoOn: (id: number) => void;
}

/** Who it is with, and at which address or number where there are several. */
export function ChosenContact({ contact, type, reach, onPoint, onClear, onGoOn }: Props) {
  const { t } = useTranslation("composer");
  const { points, point, why } = reach;
  const shown = (value: string) => shownPhone(contact, value);
  const several = points.length > 1;
  const about = points.find(({ value }) => value === point)?.reason;
  return (
    <>
      <Field label={t("new.contact")} group {...(why ? { error: t(`new.reach.${why}`) } : {})}>
        <div className="flex items-center gap-2.5 rounded-lg border border-line-2 py-1 pr-1 pl-2">
          <Avatar name={nameOf(contact)} size={28} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{nameOf(contact)}</span>
            {several ? null : (
              <span className="block truncate text-fg-3 text-xs">{shown(point)}</span>
            )}
          </span>
          <IconButton
            autoFocus
            label={t("to.remove", { person: nameOf(contact) })}
            icon={<X size={14} aria-hidden />}
            onClick={onClear}
          />
        </div>
      </Field>
      {several ? (
        <Field label={t(type === "email" ? "new.address" : "new.number")}>
          <Select
            value={point}
            onChange={onPoint}
            options={points.map(({ value, ok, reason }) => ({
              value,
              label: shown(value),
              disabled: !ok,
              ...(reason ? { hint: t(`new.point.${reason}`) } : {}),
            }))}
          />
        </Field>
      ) : null}
      {about && !why ? <Banner tone="warn">{t(`new.point.${about}`)}</Banner> : null}
      <Begun contact={contact.id} onGoOn={onGoOn} />
    </>
  );
}

/** What was begun before and not sent is gone on with rather than begun again. */
function Begun({ contact, onGoOn }: { contact: number; onGoOn: (id: number) => void }) {
  const { t } = useTranslation("composer");
  const [last] = useQuery(begunQuery(contact)).data ?? [];
  if (!last) return null;
  return (
    <Banner
      action={
        <Button size="small" onClick={() => onGoOn(last.id)}>
          {t("new.goOn")}
        </Button>
      }
    >
      {t("new.begun", { when: relativeTime(last.created_at) })}
    </Banner>
  );
}
