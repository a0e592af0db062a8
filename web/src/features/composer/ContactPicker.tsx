import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Plus } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { shownPhone } from "@/api/contacts";
import { describe } from "@/api/problem";
import type { Contact } from "@/api/types";
import { announce } from "@/lib/announce";
import { useRested } from "@/lib/rested";
import { Avatar } from "@/ui/Avatar";
import { useFieldProps } from "@/ui/field-context";
import { itemClass } from "@/ui/popup";
import { inputClass } from "@/ui/TextField";
import { newName, takeTyped } from "./model/typed";
import { type ChannelType, contactSearch, hindrance, pointsOf } from "./model/use-start";

interface Props {
  /** What the channel writes to. */
  type: ChannelType;
  onPick: (contact: Contact) => void;
  /** Somebody new, with what was typed so far. */
  onCreate: (typed: string) => void;
}

/** Finds a contact as one types. Who can't be written to is listed with the reason, and can't be chosen. */
export function ContactPicker({ type, onPick, onCreate }: Props) {
  const { t } = useTranslation("composer");
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  // Goes on where the stand-in was, before the next key.
  useLayoutEffect(() => {
    const begun = takeTyped(newName);
    if (begun) setText(begun);
    input.current?.focus();
  }, []);
  const q = useRested(text.trim());
  const found = useQuery(contactSearch(q));
  const contacts = found.data?.items ?? [];
  const [at, setAt] = useState(0);
  const list = useId();
  const field = useFieldProps();
  const last = contacts.length;
  const rows = found.data ? last + 1 : 0;
  /** Whether the list answers what stands in the field: Enter means that one, not what was there before. */
  const current = found.data !== undefined && !found.isPlaceholderData && q === text.trim();
  const entered = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer
  useEffect(() => {
    if (!found.data) return;
    setAt(0);
    if (q) announce(t("new.results", { count: found.data.items.length }));
    if (current && entered.current) choose(0);
    if (current) entered.current = false;
  }, [found.data, q, t, current]);

  function choose(index: number): void {
    const contact = contacts[index];
    if (!contact) onCreate(text.trim());
    else if (!hindrance(contact, type)) onPick(contact);
  }

  function onKey(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && rows > 0) setAt((at + by + rows) % rows);
    else if (event.key === "Enter" && !current) entered.current = true;
    else if (event.key === "Enter" && rows > 0) choose(at);
    else return;
    event.preventDefault();
  }

  return (
    <div>
      <input
        {...field}
        ref={input}
        type="text"
        role="combobox"
        data-autofocus
        autoComplete="off"
        aria-expanded={rows > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={rows > 0 ? `${list}-${at}` : undefined}
        value={text}
        placeholder={t("new.search")}
        onChange={(event) => {
          entered.current = false;
          setText(event.target.value);
        }}
        onKeyDown={onKey}
        className={clsx(inputClass, "h-9 px-3 touch:h-11")}
      />
      {found.error && !found.data ? (
        <p role="alert" className="mt-2 text-danger text-xs">
          {t("new.failed")} {describe(found.error).text}
        </p>
      ) : null}
      {found.data && last === 0 && q ? <p className="mt-2 text-fg-2">{t("new.none")}</p> : null}
      <div
        id={list}
        role="listbox"
        aria-label={t("new.contact")}
        className="mt-2 max-h-64 overflow-y-auto"
      >
        {contacts.map((contact, index) => {
          const why = hindrance(contact, type);
          return (
            <Option
              key={contact.id}
              id={`${list}-${index}`}
              active={index === at}
              disabled={why !== undefined}
              onPoint={() => setAt(index)}
              onChoose={() => choose(index)}
              icon={<Avatar name={nameOf(contact)} size={28} />}
              hint={
                why
                  ? t(`new.${why}`)
                  : pointsOf(contact, type)
                      .map((point) => shownPhone(contact, point))
                      .join(", ")
              }
            >
              {nameOf(contact)}
              {contact.company ? <span className="text-fg-3"> · {contact.company}</span> : null}
            </Option>
          );
        })}
        {found.data ? (
          <Option
            id={`${list}-${last}`}
            active={at === last}
            onPoint={() => setAt(last)}
            onChoose={() => choose(last)}
            icon={<Plus size={16} aria-hidden className="mx-1.5 text-fg-2" />}
          >
            {text.trim() ? t("new.createNamed", { name: text.trim() }) : t("new.create")}
          </Option>
        ) : null}
      </div>
    </div>
  );
}

interface OptionProps {
  id: string;
  active: boolean;
  disabled?: boolean;
  icon: ReactNode;
  hint?: string;
  onPoint: () => void;
  onChoose: () => void;
  children: ReactNode;
}

function Option(props: OptionProps) {
  const { id, active, disabled = false, icon, hint, onPoint, onChoose, children } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the field above points at it
    <div
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={disabled || undefined}
      ref={(element) => {
        if (active) element?.scrollIntoView?.({ block: "nearest" });
      }}
      onPointerMove={() => active || onPoint()}
      onClick={onChoose}
      className={clsx(itemClass, active && "bg-active", disabled && "text-fg-3")}
    >
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {hint ? <span className="block truncate text-fg-3 text-xs">{hint}</span> : null}
      </span>
    </div>
  );
}

export function nameOf(contact: Contact): string {
  return contact.name || contact.emails[0] || shownPhone(contact, contact.phones[0] ?? "");
}
