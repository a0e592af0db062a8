import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/content";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { PopoverPopup } from "@/ui/PopoverPopup";
import { TextField } from "@/ui/TextField";
import type { PressedChip, Tiptap } from "../Editor";
import { fieldOf, parseChip, writeChip } from "../model/merge";
import { fieldLabel } from "./labels";

interface Props {
  editor: Tiptap;
  chip: PressedChip;
  onClose: () => void;
}

/** What is written where a field is empty, and the way to take the field out. */
export function ChipEditor({ editor, chip, onClose }: Props) {
  const { t } = useTranslation("composer");
  const id = useId();
  const read = parseChip(chip.expression);
  const fields = useQuery(mergeFieldsQuery).data;
  const unknown = fields?.every(({ name }) => name !== fieldOf(chip.expression)) ?? false;
  const standard = fields?.find(({ name }) => name === read?.field)?.default;
  const [fallback, setFallback] = useState(read?.fallback ?? "");
  const anchor = useMemo(
    () => ({ current: editor.view.nodeDOM(chip.at) as HTMLElement | null }),
    [editor, chip.at],
  );
  const close = () => {
    onClose();
    editor.commands.focus();
  };
  function save(): void {
    if (read) {
      const attrs = { expression: writeChip({ ...read, fallback: fallback.trim() }) };
      const { tr } = editor.state;
      editor.view.dispatch(tr.setNodeMarkup(chip.at, undefined, attrs));
    }
    close();
  }
  return (
    <PopoverPopup
      id={id}
      anchor={anchor}
      byKeyboard={false}
      label={fieldLabel(read?.field ?? chip.expression)}
      side="top"
      open
      onOpenChange={(open) => open || close()}
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          save();
        }}
      >
        <p className="font-medium text-sm">{fieldLabel(read?.field ?? chip.expression)}</p>
        {unknown ? <p className="text-danger text-xs">{t("merge.noSuchLong")}</p> : null}
        {!unknown && read && read.field !== "conversation.history" ? (
          <Field
            label={t("merge.fallback")}
            hint={standard ? t("merge.standard", { text: standard }) : t("merge.fallbackHint")}
            optional
          >
            <TextField
              autoFocus
              autoComplete="off"
              maxLength={200}
              value={fallback}
              onChange={(event) => setFallback(event.target.value)}
            />
          </Field>
        ) : null}
        <div className="flex justify-between gap-2">
          <Button
            look="danger-ghost"
            size="small"
            onClick={() => {
              editor.view.dispatch(editor.state.tr.delete(chip.at, chip.at + 1));
              close();
            }}
          >
            {t("merge.remove")}
          </Button>
          <Button type="submit" look="primary" size="small">
            {t("merge.done")}
          </Button>
        </div>
      </form>
    </PopoverPopup>
  );
}
