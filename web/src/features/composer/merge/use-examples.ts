import { useQuery } from "@tanstack/react-query";
import { use } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { mergeFieldsQuery } from "@/api/content";
import type { MergeField } from "@/api/types";
import { AnswerIn } from "../model/answer-in";

export const history = "conversation.history";

/** What each field stands for: where one conversation is written in, what it would say there. */
export function useExamples(): (field: MergeField) => string {
  const { t } = useTranslation("composer");
  const conversation = use(AnswerIn);
  const values = useValues(conversation);
  return ({ name, sample }) => {
    if (name === history) return t("merge.historyHint");
    if (conversation === undefined) return sample;
    return values ? values.get(name) || t("merge.nothing") : "";
  };
}

/** The values in a conversation, by field; undefined while they are not known. */
function useValues(conversation: number | undefined): Map<string, string> | undefined {
  const fields = useQuery(mergeFieldsQuery).data;
  const names = fields?.map(({ name }) => name).filter((name) => name !== history) ?? [];
  const html = names.map((name) => `<p><span data-merge="${name}"></span></p>`).join("");
  const filled = useQuery({
    queryKey: ["merge-preview", conversation, html, false],
    queryFn: ({ signal }) =>
      call(
        api.POST("/api/v1/conversations/{id}/merge-preview", {
          signal,
          params: { path: { id: Number(conversation) } },
          body: { html },
        }),
      ),
    enabled: conversation !== undefined && names.length > 0,
    gcTime: 0,
  });
  if (!filled.data) return undefined;
  const lines = new DOMParser()
    .parseFromString(filled.data.html, "text/html")
    .querySelectorAll("p");
  return new Map(names.map((name, index) => [name, lines[index]?.textContent?.trim() ?? ""]));
}
