import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { useUsers } from "../model/lookups";

/** Who blocked this, when and why (SPEC §6). */
export function SpamBanner({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const users = useUsers();
  const { spam, spam_info: info } = conversation;
  if (!spam || !info) return null;
  const name = (info.by_id && users.get(info.by_id)?.name) || t("spam.somebody");
  const when = dateTime(info.at);
  return (
    <div className="mx-auto w-full max-w-190 shrink-0 px-3 pt-3 md:px-6">
      <Banner tone="danger">
        {info.domain
          ? t("spam.byDomain", { name, when, domain: info.domain })
          : t("spam.by", { name, when })}
        {info.why ? `: ${info.why}` : null}
      </Banner>
    </div>
  );
}
