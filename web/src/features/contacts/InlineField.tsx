import clsx from "clsx";
import { CircleAlert } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, describe } from "@/api/problem";
import { inputClass } from "@/ui/TextField";

interface Props {
  /** What the field is called, for readers that don't see where it stands. */
  label: string;
  value: string;
  /** How it reads while nobody changes it, where that is not as it is written. */
  shown?: string | undefined;
  /** Shown where there is no value. */
  placeholder: string;
  disabled?: boolean;
  multiline?: boolean;
  /** Begins in the middle of being written; for a line that was just added. */
  editing?: boolean;
  className?: string;
  /** Throws what the server refuses. */
  onSave: (value: string) => Promise<unknown>;
  /** Writing ended, with or without a change. */
  onEnd?: () => void;
}

/**
 * A value that is changed where it stands: a press or Enter opens it, Enter
 * saves, Escape puts it back. It shows the new value at once; a refusal opens
 * it again with what was typed and the reason.
 */
export function InlineField(props: Props) {
  const { label, value, placeholder, disabled, multiline, className, onSave, onEnd } = props;
  const { shown = value } = props;
  const { t } = useTranslation("contacts");
  const [text, setText] = useState<string | null>(props.editing ? value : null);
  const [error, setError] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const byKey = useRef(false);
  const id = useId();
  useEffect(() => {
    if (text !== null || !byKey.current) return;
    byKey.current = false;
    button.current?.focus();
  }, [text]);

  function end(): void {
    setText(null);
    setError("");
    onEnd?.();
  }

  async function save(): Promise<void> {
    const next = text?.trim() ?? "";
    if (text === null) return;
    if (next === value) return end();
    setText(null);
    setError("");
    try {
      await onSave(next);
      onEnd?.();
    } catch (problem) {
      const field = problem instanceof ApiProblem ? Object.values(problem.fields)[0] : undefined;
      setText(next);
      setError(field ?? describe(problem).text);
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      byKey.current = true;
      end();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      byKey.current = true;
      void save();
    }
  }

  if (text === null) {
    return (
      <button
        ref={button}
        type="button"
        disabled={disabled}
        aria-label={value ? t("edit", { field: label, value: shown }) : t("add", { field: label })}
        onClick={() => setText(value)}
        className={clsx(
          "-mx-1.5 block w-[calc(100%+12px)] rounded-md px-1.5 py-0.5 text-left hover:bg-hover disabled:hover:bg-transparent touch:min-h-11",
          multiline ? "whitespace-pre-wrap [overflow-wrap:anywhere]" : "[overflow-wrap:anywhere]",
          value ? "" : "text-fg-3",
          className,
        )}
      >
        {shown || placeholder}
      </button>
    );
  }
  const Control = multiline ? "textarea" : "input";
  return (
    <span className="block">
      <Control
        autoFocus
        aria-label={label}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        value={text}
        rows={multiline ? 3 : undefined}
        onFocus={(event) => multiline || event.currentTarget.select()}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
        onBlur={() => void save()}
        className={clsx(inputClass, "-mx-1.5 w-[calc(100%+12px)] px-1.5 py-0.5 touch:min-h-11")}
      />
      {error ? (
        <span id={`${id}-error`} role="alert" className="mt-1 flex gap-1 text-danger text-xs">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {error}
        </span>
      ) : null}
    </span>
  );
}
