import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { mergeFieldsQuery } from "@/api/content";
import type { Tiptap } from "../Editor";

/** Tells an editor which fields there are, once its text has any: chips of others are marked. */
export function useKnownFields(editor: Tiptap | undefined, wanted: boolean): void {
  const { data } = useQuery({ ...mergeFieldsQuery, enabled: wanted });
  useEffect(() => {
    if (!editor || !data || editor.isDestroyed) return;
    editor.commands.setKnownFields(data.map(({ name }) => name));
  }, [editor, data]);
}
