import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { readStored, writeStored } from "@/lib/storage";
import { inputClass } from "@/ui/TextField";
import data from "./data.json";

type Row = readonly string[];
type Group = keyof typeof data;

const groups = Object.keys(data) as Group[];
const recentKey = "emoji.recent";
const kept = 16;
const columns = 8;

interface Part {
  name: Group | "recent" | "found";
  rows: readonly Row[];
}

/** Found by typing, chosen by the arrow keys; all of it comes with the app. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation("composer");
  const id = useId();
  const [text, setText] = useState("");
  const [wanted, setAt] = useState(0);
  const [recent] = useState(() => readStored<string[]>(recentKey, []));
  const parts = partsOf(text.trim().toLowerCase(), recent);
  const all = parts.flatMap(({ rows }) => rows);
  const at = Math.max(0, Math.min(wanted, all.length - 1));
  const current = all[at];

  function choose(row: Row | undefined): void {
    const [emoji] = row ?? [];
    if (!emoji) return;
    writeStored(recentKey, [emoji, ...recent.filter((one) => one !== emoji)].slice(0, kept));
    onPick(emoji);
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const inText = text !== "" && event.currentTarget.selectionEnd !== text.length;
    if (event.key === "ArrowDown") setAt(beside(linesOf(parts), at, 1));
    else if (event.key === "ArrowUp") setAt(beside(linesOf(parts), at, -1));
    else if (event.key === "ArrowRight" && !inText) setAt(Math.min(at + 1, all.length - 1));
    else if (event.key === "ArrowLeft" && !inText && at > 0) setAt(at - 1);
    else if (event.key === "Enter") choose(current);
    else return;
    event.preventDefault();
  }

  let index = -1;
  return (
    <div>
      <input
        type="text"
        role="combobox"
        // biome-ignore lint/a11y/noAutofocus: it opened because its button was pressed
        autoFocus
        autoComplete="off"
        aria-label={t("emoji.search")}
        aria-expanded={all.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={current ? `${id}-${at}` : undefined}
        placeholder={t("emoji.search")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        className={`${inputClass} h-9 px-3 touch:h-11`}
      />
      <div
        id={id}
        role="listbox"
        aria-label={t("emoji.title")}
        className="mt-2 h-56 overflow-y-auto"
      >
        {all.length === 0 ? <p className="p-2 text-fg-2">{t("emoji.none")}</p> : null}
        {parts.map((part) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset can't stand in a listbox
          <div key={part.name} role="group" aria-label={t(`emoji.group.${part.name}`)}>
            <div aria-hidden className="px-1 pt-1 font-medium text-2xs text-fg-3">
              {t(`emoji.group.${part.name}`)}
            </div>
            <div role="presentation" className="grid grid-cols-8">
              {part.rows.map((row) => {
                index += 1;
                const own = index;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
                  // biome-ignore lint/a11y/useFocusableInteractive: the field points at it
                  <div
                    key={row[0]}
                    id={`${id}-${own}`}
                    role="option"
                    aria-selected={own === at}
                    aria-label={row[1]}
                    ref={(element) => {
                      if (own === at) element?.scrollIntoView?.({ block: "nearest" });
                    }}
                    onPointerMove={() => own === at || setAt(own)}
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={() => choose(row)}
                    className="grid aspect-square cursor-default place-items-center rounded-md text-xl aria-selected:bg-active"
                  >
                    {row[0]}
                  </div>
                );
              })}
            </div>
          </div>
        ))}
      </div>
      <p aria-hidden className="mt-1 h-4 truncate text-fg-3 text-xs">
        {current?.[1]}
      </p>
    </div>
  );
}

function partsOf(wanted: string, recent: readonly string[]): Part[] {
  const everything: readonly Row[] = groups.flatMap((group) => data[group] as readonly Row[]);
  if (wanted) {
    const words = wanted.split(/\s+/);
    const matches = ([, ...names]: Row) => {
      const said = ` ${names.join(" ")}`;
      return words.every((word) => said.includes(` ${word}`));
    };
    const rows = everything.filter(matches);
    return rows.length > 0 ? [{ name: "found", rows }] : [];
  }
  const known = recent.flatMap((emoji) => everything.filter((row) => row[0] === emoji));
  const parts: Part[] = groups.map((name) => ({ name, rows: data[name] as readonly Row[] }));
  // What was used lately stands above, and in its group no second time.
  const used = new Set(known);
  const rest = parts.map(({ name, rows }) => ({
    name,
    rows: rows.filter((row) => !used.has(row)),
  }));
  return known.length > 0 ? [{ name: "recent", rows: known }, ...rest] : parts;
}

/** Where each line begins and how many it holds. */
function linesOf(parts: readonly Part[]): { start: number; size: number }[] {
  const lines: { start: number; size: number }[] = [];
  let start = 0;
  for (const { rows } of parts) {
    for (let left = rows.length; left > 0; left -= columns) {
      const size = Math.min(columns, left);
      lines.push({ start, size });
      start += size;
    }
  }
  return lines;
}

/** The same column on another line. */
function beside(lines: readonly { start: number; size: number }[], at: number, by: number): number {
  const line = lines.findIndex(({ start, size }) => at >= start && at < start + size);
  const next = lines[line + by];
  const here = lines[line];
  if (!next || !here) return at;
  return next.start + Math.min(at - here.start, next.size - 1);
}
