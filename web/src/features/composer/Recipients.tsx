import clsx from "clsx";
import { CircleAlert, X } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types";
import { addPeople, key, parsePeople, writePerson } from "./model/people";

export interface RecipientsHandle {
  focus: () => void;
  /** Takes what was typed; false where it is no address, which is then said beside the field. */
  commit: () => { people: Person[]; complete: boolean };
}

interface Props {
  label: string;
  people: readonly Person[];
  /** What the server found wrong with them. */
  error?: string | undefined;
  onChange: (people: Person[]) => void;
  ref: React.Ref<RecipientsHandle>;
}

/**
 * One line of recipients. Each is a chip; a list may be pasted. Backspace
 * before nothing takes the last chip back into the field to be changed, the
 * arrow keys walk along them, Delete removes.
 */
export function Recipients({ label, people, error, onChange, ref }: Props) {
  const { t } = useTranslation("composer");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const id = useId();
  const fault = wrong || error;

  function take(typed: string): { people: Person[]; complete: boolean } {
    const found = parsePeople(typed);
    const next = found.people.length > 0 ? addPeople(people, found.people) : [...people];
    if (found.people.length > 0) onChange(next);
    setText(found.rest);
    setWrong(found.rest ? t("to.wrong", { text: found.rest }) : "");
    return { people: next, complete: found.rest === "" };
  }

  useImperativeHandle(ref, () => ({
    focus: () => input.current?.focus(),
    commit: () => {
      const result = take(text);
      if (!result.complete) input.current?.focus();
      return result;
    },
  }));

  function removeAt(index: number): void {
    onChange(people.filter((_, at) => at !== index));
    input.current?.focus();
  }

  /** Back into the field, to be changed. */
  function edit(index: number): void {
    const person = people[index];
    if (!person) return;
    if (text.trim()) take(text);
    onChange(people.filter((_, at) => at !== index));
    setText(writePerson(person));
    input.current?.focus();
  }

  const chips = () => [...(line.current?.querySelectorAll<HTMLElement>("[data-chip]") ?? [])];

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const atStart = input.current?.selectionStart === 0 && input.current.selectionEnd === 0;
    if (event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return;
    if (["Enter", ",", ";"].includes(event.key) && text.trim()) {
      event.preventDefault();
      take(text);
    } else if (event.key === "Enter") event.preventDefault();
    else if (event.key === "Backspace" && text === "" && people.length > 0) {
      event.preventDefault();
      edit(people.length - 1);
    } else if (event.key === "ArrowLeft" && atStart) chips().at(-1)?.focus();
  }

  function onChipKey(event: KeyboardEvent, index: number): void {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      removeAt(index);
    } else if (event.key === "ArrowLeft") chips()[Math.max(0, index - 1)]?.focus();
    else if (event.key === "ArrowRight") (chips()[index + 1] ?? input.current)?.focus();
  }

  function onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData.getData("text/plain");
    if (parsePeople(pasted).people.length === 0) return;
    event.preventDefault();
    take(text + pasted);
  }

  return (
    <div className="border-line border-b px-4 py-1">
      <div ref={line} className="flex flex-wrap items-center gap-1.5">
        <label htmlFor={id} className="w-8 shrink-0 text-fg-3 text-xs">
          {label}
        </label>
        {people.map((person, index) => (
          <PersonChip
            key={key(person)}
            person={person}
            onEdit={() => edit(index)}
            onRemove={() => removeAt(index)}
            onKeyDown={(event) => onChipKey(event, index)}
          />
        ))}
        <input
          ref={input}
          id={id}
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          value={text}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? `${id}-error` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setWrong("");
          }}
          onKeyDown={onKey}
          onPaste={onPaste}
          onBlur={() => text.trim() && take(text)}
          className="h-7 min-w-32 flex-1 bg-transparent text-sm outline-none touch:h-11"
        />
      </div>
      {fault ? (
        <p id={`${id}-error`} role="alert" className="flex gap-1 pb-1 pl-9.5 text-danger text-xs">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {fault}
        </p>
      ) : null}
    </div>
  );
}

interface ChipProps {
  person: Person;
  onEdit: () => void;
  onRemove: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function PersonChip({ person, onEdit, onRemove, onKeyDown }: ChipProps) {
  const { t } = useTranslation("composer");
  const name = person.name || person.email;
  return (
    <span className="inline-flex h-6 max-w-full items-center rounded-md border border-line-2 bg-surface-2 text-xs touch:h-11">
      <button
        type="button"
        data-chip
        title={person.email}
        aria-label={t("to.edit", { person: writePerson(person) })}
        onClick={onEdit}
        onKeyDown={onKeyDown}
        className={clsx("min-w-0 truncate rounded-md px-1.5", "touch:h-11")}
      >
        {name}
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("to.remove", { person: name })}
        onClick={onRemove}
        className="grid size-5 shrink-0 place-items-center rounded-md text-fg-3 hover:bg-hover hover:text-fg touch:size-11"
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}
