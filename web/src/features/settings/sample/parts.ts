import { useTranslation } from "react-i18next";
import type { SampleInfo } from "@/api/types";

/** How much there is of each thing, in words. */
export function useParts(sample: SampleInfo | undefined) {
  const { t } = useTranslation("sample");
  if (!sample) return undefined;
  return {
    conversations: t("conversations", { count: sample.conversations }),
    contacts: t("contacts", { count: sample.contacts }),
    channels: t("channels", { count: sample.channel_ids.length }),
    inboxes: t("inboxes", { count: sample.inbox_ids.length }),
    users: t("users", { count: sample.user_ids.length }),
  };
}

export type Parts = ReturnType<typeof useParts>;
