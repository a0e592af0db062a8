import { useQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/content";
import { describe } from "@/api/problem";
import type { MergeField } from "@/api/types";
import { SearchList } from "@/ui/SearchList";
import { fieldLabel } from "./labels";
import { history as historyField, useExamples } from "./use-examples";

const groups = ["contact", "user", "conversation", "account", "channel"] as const;

interface Props {
  /** Of a signature or a template there is no thread to put in. */
  history: boolean;
  onPick: (field: MergeField) => void;
}

/** What can be filled in for each letter, with what it would be. */
export function FieldPicker({ history, onPick }: Props) {
  const { t } = useTranslation("composer");
  const [text, setText] = useState("");
  const { data, error } = useQuery(mergeFieldsQuery);
  const exampleOf = useExamples();
  const wanted = text.trim().toLowerCase();
  const found = (data ?? []).filter(
    ({ name }) =>
      (history || name !== historyField) &&
      `${fieldLabel(name)} ${name}`.toLowerCase().includes(wanted),
  );
  return (
    <SearchList
      label={t("merge.insert")}
      placeholder={t("merge.search")}
      text={text}
      onText={setText}
      groups={groups
        .map((group) => ({
          label: t(`merge.group.${group}`),
          items: found.filter((field) => field.group === group),
        }))
        .filter(({ items }) => items.length > 0)}
      keyOf={({ name }) => name}
      onPick={onPick}
      instead={
        error && !data ? (
          <p role="alert" className="mt-3 text-danger text-xs">
            {describe(error).text}
          </p>
        ) : data && found.length === 0 ? (
          <p className="mt-3 text-fg-2">{t("merge.none", { text: text.trim() })}</p>
        ) : null
      }
    >
      {(field) => (
        <>
          <Braces size={14} aria-hidden className="shrink-0 text-fg-3" />
          <span className="min-w-0 flex-1">
            <span className="block truncate">{fieldLabel(field.name)}</span>
            <span className="block min-h-4 truncate text-fg-3 text-xs">{exampleOf(field)}</span>
          </span>
        </>
      )}
    </SearchList>
  );
}
