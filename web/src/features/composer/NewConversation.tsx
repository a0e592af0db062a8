import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { channelsQuery } from "@/api/nouns";
import type { Channel, Contact } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { readStored, writeStored } from "@/lib/storage";
import { Avatar } from "@/ui/Avatar";
import { Banner } from "@/ui/Banner";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { IconButton } from "@/ui/IconButton";
import { Select } from "@/ui/Select";
import { TextField } from "@/ui/TextField";
import { ContactPicker, nameOf } from "./ContactPicker";
import { parsePeople } from "./model/people";
import { begunQuery, useStart } from "./model/use-start";
import { NewStandIn } from "./StandIn";

export interface NewConversationProps {
  onClose: () => void;
  onStarted: (id: number) => void;
}

const lastChannel = "new.channel";

/** From which channel, to whom; the message is written in the conversation that this opens. */
export function NewConversation(props: NewConversationProps) {
  const { t } = useTranslation("composer");
  const settings = useMay("settings");
  const channels = useQuery(channelsQuery);
  const usable = channels.data?.filter((one) => one.type === "email" && !one.disabled) ?? [];
  if (usable.length > 0) return <Form {...props} channels={usable} />;
  if (!channels.data) return <NewStandIn label={t("new.contact")} onClose={props.onClose} />;
  return (
    <Dialog open onOpenChange={(open) => open || props.onClose()} title={t("new.title")}>
      <EmptyState
        text={t("new.noChannel")}
        action={
          settings ? (
            <Link to="/settings/channels" className={buttonClass("primary")}>
              {t("new.toSettings")}
            </Link>
          ) : undefined
        }
      />
    </Dialog>
  );
}

interface Person {
  name: string;
  email: string;
}

function Form({ channels, onClose, onStarted }: NewConversationProps & { channels: Channel[] }) {
  const { t } = useTranslation("composer");
  const [channel, setChannel] = useState(() => remembered(channels));
  const [contact, setContact] = useState<Contact | null>(null);
  const [email, setEmail] = useState("");
  const [person, setPerson] = useState<Person | null>(null);
  const [fault, setFault] = useState<"missing" | "badEmail">();
  const start = useStart(({ id }) => {
    writeStored(lastChannel, channel);
    onStarted(id);
  });
  const problem = start.error;
  const emailFault = fault === "badEmail" ? t("new.badEmail") : problem?.fields["emails[0]"];

  function submit(): void {
    const address = person ? parsePeople(person.email).people[0]?.email : email;
    const nobody = !contact && !person;
    setFault(nobody ? "missing" : address ? undefined : "badEmail");
    if (nobody || !address) return;
    const chosen = contact ?? { name: person?.name.trim() ?? "", email: address };
    start.mutate({ channel, contact: chosen, email: address });
  }

  return (
    <FormDialog
      title={t("new.title")}
      action={t("new.start")}
      busy={start.isPending}
      error={emailFault ? undefined : problem?.message}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label={t("new.channel")}>
        <Select
          value={channel}
          onChange={setChannel}
          options={channels.map(({ id, name, address }) => ({
            value: id,
            label: `${name} <${address}>`,
          }))}
        />
      </Field>
      {contact ? (
        <Chosen
          contact={contact}
          email={email}
          onEmail={setEmail}
          onClear={() => setContact(null)}
          onGoOn={onStarted}
        />
      ) : null}
      {person ? (
        <NewPerson
          person={person}
          error={emailFault}
          onChange={setPerson}
          onBack={() => setPerson(null)}
        />
      ) : null}
      {contact || person ? null : (
        <Field
          label={t("new.contact")}
          {...(fault === "missing" ? { error: t("new.missing") } : {})}
        >
          <ContactPicker
            onPick={(picked) => {
              setContact(picked);
              setEmail(picked.emails[0] ?? "");
            }}
            onCreate={(typed) => setPerson(personOf(typed))}
          />
        </Field>
      )}
    </FormDialog>
  );
}

function remembered(channels: readonly Channel[]): number {
  const last = readStored(lastChannel, 0);
  return channels.find(({ id }) => id === last)?.id ?? channels[0]?.id ?? 0;
}

/** What was typed to search is a name or an address already. */
function personOf(typed: string): Person {
  const found = parsePeople(typed).people[0];
  if (found) return { name: found.name ?? "", email: found.email };
  return typed.includes("@") ? { name: "", email: typed } : { name: typed, email: "" };
}

interface ChosenProps {
  contact: Contact;
  email: string;
  onEmail: (email: string) => void;
  onClear: () => void;
  /** To a message that was begun before. */
  onGoOn: (id: number) => void;
}

function Chosen({ contact, email, onEmail, onClear, onGoOn }: ChosenProps) {
  const { t } = useTranslation("composer");
  const several = contact.emails.length > 1;
  return (
    <>
      <Field label={t("new.contact")} group>
        <div className="flex items-center gap-2.5 rounded-lg border border-line-2 py-1 pr-1 pl-2">
          <Avatar name={nameOf(contact)} size={28} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{nameOf(contact)}</span>
            {several ? null : <span className="block truncate text-fg-3 text-xs">{email}</span>}
          </span>
          <IconButton
            autoFocus
            label={t("to.remove", { person: nameOf(contact) })}
            icon={<X size={14} aria-hidden />}
            onClick={onClear}
          />
        </div>
      </Field>
      {several ? (
        <Field label={t("new.address")}>
          <Select
            value={email}
            onChange={onEmail}
            options={contact.emails.map((value) => ({ value, label: value }))}
          />
        </Field>
      ) : null}
      <Begun contact={contact.id} onGoOn={onGoOn} />
    </>
  );
}

/** What was begun before and not sent is gone on with rather than begun again. */
function Begun({ contact, onGoOn }: { contact: number; onGoOn: (id: number) => void }) {
  const { t } = useTranslation("composer");
  const [last] = useQuery(begunQuery(contact)).data ?? [];
  if (!last) return null;
  return (
    <Banner
      action={
        <Button size="small" onClick={() => onGoOn(last.id)}>
          {t("new.goOn")}
        </Button>
      }
    >
      {t("new.begun", { when: relativeTime(last.created_at) })}
    </Banner>
  );
}

interface NewPersonProps {
  person: Person;
  error: string | undefined;
  onChange: (person: Person) => void;
  onBack: () => void;
}

function NewPerson({ person, error, onChange, onBack }: NewPersonProps) {
  const { t } = useTranslation("composer");
  return (
    <>
      <Field label={t("new.name")} optional>
        <TextField
          autoFocus={person.name === ""}
          value={person.name}
          onChange={(event) => onChange({ ...person, name: event.target.value })}
        />
      </Field>
      <Field label={t("new.email")} {...(error ? { error } : {})}>
        <TextField
          autoFocus={person.name !== ""}
          inputMode="email"
          value={person.email}
          onChange={(event) => onChange({ ...person, email: event.target.value })}
        />
      </Field>
      <div>
        <Button look="ghost" size="small" onClick={onBack}>
          {t("new.back")}
        </Button>
      </div>
    </>
  );
}
