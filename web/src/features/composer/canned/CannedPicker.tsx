import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import type { CannedMessage } from "@/api/types";
import { SearchList } from "@/ui/SearchList";
import { useCannedSearch } from "../model/canned";
import { CannedGlance, CannedRow } from "./CannedRow";

/** All canned messages behind a button, for those who do not know the “/”. */
export function CannedPicker({ onPick }: { onPick: (one: CannedMessage) => void }) {
  const { t } = useTranslation("composer");
  const [text, setText] = useState("");
  const { items, q, error, ready } = useCannedSearch(text);
  return (
    <>
      <SearchList
        label={t("canned.title")}
        placeholder={t("canned.search")}
        text={text}
        onText={setText}
        groups={[{ items }]}
        keyOf={({ id }) => id}
        onPick={onPick}
        aside={(one) => <CannedGlance one={one} />}
        instead={
          error ? (
            <p role="alert" className="mt-3 text-danger text-xs">
              {t("canned.failed")} {describe(error).text}
            </p>
          ) : ready && items.length === 0 ? (
            <p className="mt-3 text-fg-2">{q ? t("canned.none", { q }) : t("canned.empty")}</p>
          ) : null
        }
      >
        {(one) => <CannedRow one={one} />}
      </SearchList>
      <Link
        to="/settings/canned"
        className="mt-2 block border-line border-t pt-2 text-accent-text text-xs hover:underline touch:min-h-11"
      >
        {t("canned.manage")}
      </Link>
    </>
  );
}
