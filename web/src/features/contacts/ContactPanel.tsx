import { useQuery } from "@tanstack/react-query";
import { PanelRightClose, ShieldBan } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, shownPhone } from "@/api/contacts";
import { useMay } from "@/api/me";
import { usersQuery } from "@/api/nouns";
import { describe } from "@/api/problem";
import type { Blocked, Contact, Conversation } from "@/api/types";
import { dateTime } from "@/lib/dates";
import { fits, useMedia } from "@/lib/media";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";
import { Drawer } from "@/ui/Drawer";
import { ErrorState } from "@/ui/ErrorState";
import { IconButton } from "@/ui/IconButton";
import { Skeleton } from "@/ui/Skeleton";
import { ContactDetails } from "./ContactDetails";
import { ConversationDetails } from "./ConversationDetails";
import { InlineField } from "./InlineField";
import { usePatchContact } from "./model/queries";
import { Related } from "./Related";

export interface ContactPanelProps {
  conversation: Conversation;
  /** Opens another conversation of the contact. */
  onOpen: (id: number) => void;
  onHide: () => void;
}

/** The right panel: beside the thread where there is room, else a drawer, on a phone a sheet. */
export function ContactPanel({ conversation, onOpen, onHide }: ContactPanelProps) {
  const { t } = useTranslation("contacts");
  const beside = useMedia(fits.all);
  const drawer = useMedia(fits.panels);
  const open = (id: number) => {
    if (!beside) onHide();
    onOpen(id);
  };
  const body = <Body key={conversation.id} conversation={conversation} onOpen={open} />;
  if (beside) {
    return (
      <aside
        aria-label={t("panel")}
        data-panel
        tabIndex={-1}
        className="relative w-72 shrink-0 overflow-y-auto border-line border-l outline-none"
      >
        <IconButton
          label={t("hide")}
          hotkey="panel"
          side="left"
          icon={<PanelRightClose size={16} aria-hidden />}
          className="absolute! top-2.5 right-2.5"
          onClick={onHide}
        />
        {body}
      </aside>
    );
  }
  const Sheet = drawer ? Drawer : Dialog;
  return (
    <Sheet open onOpenChange={(next) => next || onHide()} title={t("panel")} side="right">
      <div className="-mx-2 sm:mx-0">{body}</div>
    </Sheet>
  );
}

type BodyProps = Pick<ContactPanelProps, "conversation" | "onOpen">;

function Body({ conversation, onOpen }: BodyProps) {
  const { t } = useTranslation("contacts");
  const contact = useQuery(contactQuery(conversation.contact.id));
  return (
    <>
      {contact.data ? (
        <>
          <Head contact={contact.data} conversation={conversation.id} />
          {contact.data.blocked ? <BlockedNotice blocked={contact.data.blocked} /> : null}
          <Section title={t("details")}>
            <ContactDetails contact={contact.data} conversation={conversation.id} />
          </Section>
        </>
      ) : (
        <Waiting contact={contact} />
      )}
      <Section title={t("conversation.title")}>
        <ConversationDetails conversation={conversation} onOpen={onOpen} />
      </Section>
      <Section title={t("related.title")}>
        <Related conversation={conversation} onOpen={onOpen} />
      </Section>
    </>
  );
}

function Waiting({ contact }: { contact: { error: unknown; refetch: () => unknown } }) {
  const { t } = useTranslation("contacts");
  if (contact.error) {
    const { text, requestId } = describe(contact.error);
    return (
      <ErrorState
        title={t("failed")}
        text={text}
        {...(requestId ? { requestId } : {})}
        onRetry={() => void contact.refetch()}
      />
    );
  }
  return (
    <div aria-hidden className="flex gap-3 p-4">
      <Skeleton className="size-11 rounded-full" />
      <div className="grid flex-1 content-center gap-2">
        <Skeleton className="h-4 w-32" />
        <Skeleton className="h-3 w-24" />
      </div>
    </div>
  );
}

function Head({ contact, conversation }: { contact: Contact; conversation: number }) {
  const { t } = useTranslation("contacts");
  const locked = !useMay("contacts");
  const patch = usePatchContact(contact.id, conversation);
  const name = contact.name || contact.emails[0] || shownPhone(contact, contact.phones[0] ?? "");
  return (
    <div className="flex items-center gap-3 px-4 pt-4 pb-3 xl:pr-10">
      <Avatar name={name} size={44} />
      <div className="min-w-0 flex-1">
        <InlineField
          label={t("field.name")}
          value={contact.name}
          placeholder={t("nobody")}
          disabled={locked}
          className="font-semibold text-base leading-5"
          onSave={(value) => patch.mutateAsync({ name: value })}
        />
        {contact.job_title ? (
          <p className="truncate text-fg-2 text-xs">{contact.job_title}</p>
        ) : null}
      </div>
    </div>
  );
}

/** Who blocked the contact, when and why. */
function BlockedNotice({ blocked }: { blocked: Blocked }) {
  const { t } = useTranslation("contacts");
  const users = useQuery(usersQuery).data;
  const by = users?.find(({ id }) => id === blocked.by_id)?.name ?? t("blocked.someone");
  return (
    <div className="mx-4 mb-3 rounded-lg bg-danger-soft px-3 py-2 text-danger">
      <p className="flex items-center gap-2 font-medium">
        <ShieldBan size={15} aria-hidden className="shrink-0" />
        {t("blocked.title")}
      </p>
      <p className="text-xs">
        {t("blocked.byOn", { name: by, at: dateTime(blocked.at) })}
        {blocked.why ? `: ${blocked.why}` : null}
      </p>
      <p className="mt-1 text-fg-2 text-xs">{t("blocked.how")}</p>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="border-line border-t px-4 py-3">
      <h3 className="mb-2 font-medium text-fg-2">{title}</h3>
      {children}
    </div>
  );
}
