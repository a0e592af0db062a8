import { useTranslation } from "react-i18next";
import type { CannedMessage } from "@/api/types";
import type { Tiptap } from "../Editor";
import type { Asked } from "../extensions/suggest";
import { useCannedSearch } from "../model/canned";
import type { Suggesting } from "../model/use-suggest";
import { Suggestions } from "../Suggestions";
import { CannedGlance, CannedRow } from "./CannedRow";

interface Props {
  asked: Asked;
  editor: Tiptap;
  keys: Suggesting["keys"];
  onPick: (one: CannedMessage) => void;
}

/** Canned messages by “/” and the beginning of a name, a shortcut or a text. */
export function CannedMenu({ asked, editor, keys, onPick }: Props) {
  const { t } = useTranslation("composer");
  const { items } = useCannedSearch(asked.query);
  return (
    <Suggestions
      label={t("canned.title")}
      asked={asked}
      editor={editor}
      keys={keys}
      items={items}
      keyOf={({ id }) => id}
      onPick={onPick}
      aside={(one) => <CannedGlance one={one} />}
    >
      {(one) => <CannedRow one={one} />}
    </Suggestions>
  );
}
