import { useTranslation } from "react-i18next";
import { dateTime } from "@/lib/dates";
import { readablePhone } from "@/lib/phones";
import { reasonOf } from "@/lib/reasons";
import { Banner } from "@/ui/Banner";

interface Props {
  phone: string;
  at: string;
  reason: string;
}

/** Above the composer: the last text did not arrive, and the next one may not either. */
export function Unreachable({ phone, at, reason }: Props) {
  const { t } = useTranslation(["contacts", "common"]);
  return (
    <Banner tone="warn">
      {t("consent.unreachable.warning", {
        phone: readablePhone(phone),
        at: dateTime(at),
        reason: t(`common:reason.${reasonOf(reason)}`),
      })}
    </Banner>
  );
}
