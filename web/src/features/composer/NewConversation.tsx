import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Mail, MessageSquare } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { channelsQuery } from "@/api/nouns";
import type { Channel, Contact } from "@/api/types";
import { readablePhone } from "@/lib/phones";
import { readStored, writeStored } from "@/lib/storage";
import { buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { Select } from "@/ui/Select";
import { ContactPicker } from "./ContactPicker";
import { hindrance, useStart } from "./model/use-start";
import { ChosenContact } from "./new/ChosenContact";
import { faultIn, NewPerson, type Person, personOf, pointIn } from "./new/NewPerson";
import { useReach } from "./new/use-reach";
import { NewStandIn } from "./StandIn";

export interface NewConversationProps {
  /** Whom it is to be with, where that is known. */
  contact?: Contact;
  onClose: () => void;
  onStarted: (id: number) => void;
}

const lastChannel = "new.channel";

/** From which channel, to whom; the message is written in the conversation that this opens. */
export function NewConversation(props: NewConversationProps) {
  const { t } = useTranslation("composer");
  const settings = useMay("settings");
  const channels = useQuery(channelsQuery);
  const usable = channels.data?.filter((one) => !one.disabled) ?? [];
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

const icons = { email: Mail, sms: MessageSquare };

type FormProps = NewConversationProps & { channels: Channel[] };

function Form({ channels, contact: known, onClose, onStarted }: FormProps) {
  const { t } = useTranslation("composer");
  const [id, setId] = useState(() => remembered(channels, known));
  const channel = channels.find((one) => one.id === id) ?? (channels[0] as Channel);
  const [contact, setContact] = useState<Contact | null>(known ?? null);
  const [chosen, setChosen] = useState("");
  const [person, setPerson] = useState<Person | null>(null);
  const [fault, setFault] = useState<"missing" | ReturnType<typeof faultIn>>();
  const reach = useReach(contact, channel, chosen);
  const start = useStart((conversation) => {
    writeStored(lastChannel, channel.id);
    onStarted(conversation.id);
  });
  const problem = start.error;
  const { fields = {} } = problem ?? {};
  const refused = fields["emails[0]"] ?? fields["phones[0]"] ?? fields["to[0].phone"];
  const pointFault = fault && fault !== "missing" ? t(`new.${fault}`) : refused;

  function submit(): void {
    if (person) {
      const point = pointIn(person, channel.type);
      if (point) begin({ name: person.name.trim() }, point);
      else setFault(faultIn(person, channel.type));
    } else if (!contact) setFault("missing");
    else if (!reach.why && reach.point) begin(contact, reach.point);
  }

  /** What was wrong is so no longer. */
  function settle(): void {
    setFault(undefined);
    start.reset();
  }

  function create(typed: string): void {
    const next = personOf(typed, channel.type);
    setPerson(next);
    // What was typed as a number and can be none is told at once.
    const wrong = channel.type === "sms" && next.phone && !pointIn(next, "sms");
    setFault(wrong ? faultIn(next, "sms") : undefined);
  }

  function begin(who: Contact | { name: string }, point: string): void {
    setFault(undefined);
    start.mutate({ channel, contact: who, point });
  }

  return (
    <FormDialog
      title={t("new.title")}
      action={t("new.start")}
      busy={start.isPending}
      error={pointFault && person ? undefined : (pointFault ?? problem?.message)}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label={t("new.channel")}>
        <Select
          value={channel.id}
          onChange={(next) => {
            setId(next);
            setChosen("");
            settle();
          }}
          options={channels.map(({ id: value, name, address, type }) => {
            const Icon = icons[type];
            const label =
              type === "email" ? `${name} <${address}>` : `${name} · ${readablePhone(address)}`;
            return { value, label, icon: <Icon size={15} aria-hidden className="text-fg-2" /> };
          })}
        />
      </Field>
      {contact ? (
        <ChosenContact
          contact={contact}
          type={channel.type}
          reach={reach}
          onPoint={setChosen}
          onClear={() => {
            setContact(null);
            start.reset();
          }}
          onGoOn={onStarted}
        />
      ) : null}
      {person ? (
        <NewPerson
          person={person}
          type={channel.type}
          error={pointFault}
          onChange={(next) => {
            setPerson(next);
            settle();
          }}
          onBack={() => {
            setPerson(null);
            settle();
          }}
        />
      ) : null}
      {contact || person ? null : (
        <Field
          label={t("new.contact")}
          {...(fault === "missing" ? { error: t("new.missing") } : {})}
        >
          <ContactPicker
            type={channel.type}
            onPick={(picked) => {
              setContact(picked);
              setChosen("");
            }}
            onCreate={create}
          />
        </Field>
      )}
    </FormDialog>
  );
}

/** The channel that was written from last, where it reaches whom it is to be with. */
function remembered(channels: readonly Channel[], contact: Contact | undefined): number {
  const last = readStored(lastChannel, 0);
  const open = channels.filter(({ type }) => !contact || !hindrance(contact, type));
  return (open.find(({ id }) => id === last) ?? open[0] ?? channels[0])?.id ?? 0;
}
