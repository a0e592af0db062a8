import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/nouns";
import type { Consent } from "@/api/types";

/** How it is known what somebody said about texts, in words. */
export function useHow(): (consent: Consent) => string {
  const { t } = useTranslation("contacts");
  const users = useQuery(usersQuery).data;
  return ({ how, state, evidence, user_id: id }) => {
    const name = users?.find((user) => user.id === id)?.name ?? t("consent.someone");
    const word = evidence.trim();
    if (how === "keyword" && word) return t("consent.how.keywordSaid", { word });
    if (how === "manual") return t(`consent.how.${state}`, { name });
    return t(`consent.how.${how}`);
  };
}
