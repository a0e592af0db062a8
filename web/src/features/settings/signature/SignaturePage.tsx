import "@/ui/prose.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Building2, Inbox, Mail, PenLine } from "lucide-react";
import { Fragment, lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { signaturesQuery } from "@/api/content";
import { useMay, useMe } from "@/api/me";
import { channelsQuery, inboxesQuery } from "@/api/nouns";
import { describe } from "@/api/problem";
import type { Signature } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { type SignaturePlace, signatureAt } from "../model/signatures";
import { RowIcon, RowsSkeleton } from "../Rows";
import { SettingsPage, SettingsSection } from "../SettingsPage";

const SignatureDialog = lazy(() =>
  import("./SignatureDialog").then((file) => ({ default: file.SignatureDialog })),
);

interface Opened extends SignaturePlace {
  name: string;
}

/** What letters end with: one's own, else the channel's, the inbox's, the account's. */
export function SignaturePage() {
  const { t } = useTranslation("settings");
  const me = useMe().user;
  const settings = useMay("settings");
  const list = useQuery(signaturesQuery);
  const [open, setOpen] = useState<Opened>();
  const mine = { level: "user", owner: me.id, name: t("signature.mine") } as const;
  const own = signatureAt(list.data, mine);
  return (
    <SettingsPage title={t("signature.title")} text={t("signature.text")}>
      {list.error && !list.data ? (
        <div className="flex rounded-xl border border-line">
          <ErrorState {...describe(list.error)} onRetry={() => void list.refetch()} />
        </div>
      ) : list.data ? (
        <>
          <Added linked={settings} />
          <SettingsSection
            title={t("signature.mine")}
            text={t("signature.mineText")}
            action={
              own ? <Button onClick={() => setOpen(mine)}>{t("signature.edit")}</Button> : undefined
            }
          >
            {own ? (
              <Shown signature={own} />
            ) : (
              <div className="flex rounded-xl border border-line border-dashed">
                <EmptyState
                  icon={<PenLine size={20} />}
                  text={t("signature.empty")}
                  action={
                    <Button look="primary" onClick={() => setOpen(mine)}>
                      {t("signature.create")}
                    </Button>
                  }
                />
              </div>
            )}
          </SettingsSection>
          {settings ? (
            <SettingsSection title={t("signature.team")} text={t("signature.teamText")}>
              <TeamRows signatures={list.data} onOpen={setOpen} />
            </SettingsSection>
          ) : null}
        </>
      ) : (
        <RowsSkeleton />
      )}
      {open ? (
        <Suspense fallback={null}>
          <SignatureDialog
            place={open}
            name={open.name}
            signature={signatureAt(list.data, open)}
            onClose={() => setOpen(undefined)}
          />
        </Suspense>
      ) : null}
    </SettingsPage>
  );
}

/** Whether it is added at all is each channel's own switch. */
function Added({ linked }: { linked: boolean }) {
  const { t } = useTranslation("settings");
  const channels = useQuery(channelsQuery).data?.filter(({ type }) => type === "email") ?? [];
  const off = channels.filter(({ add_signature }) => !add_signature);
  if (channels.length === 0) return null;
  return (
    <Banner tone={off.length > 0 ? "warn" : "info"}>
      {t("signature.added")} {t(off.length > 0 ? "signature.addedNot" : "signature.addedAll")}
      {off.map(({ id, name }, index) => (
        <Fragment key={id}>
          {index > 0 ? ", " : " "}
          {linked ? (
            <Link to="/settings/channels" search={{ item: id }} className="underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </Fragment>
      ))}
    </Banner>
  );
}

function Shown({ signature }: { signature: Signature }) {
  return (
    <div
      className="prose-mail max-h-80 overflow-y-auto rounded-xl border border-line px-4 py-3"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the server keeps only a signature's own few elements
      dangerouslySetInnerHTML={{ __html: signature.html }}
    />
  );
}

interface TeamProps {
  signatures: readonly Signature[];
  onOpen: (place: Opened) => void;
}

function TeamRows({ signatures, onOpen }: TeamProps) {
  const { t } = useTranslation("settings");
  const { account } = useMe();
  const inboxes = useQuery(inboxesQuery).data ?? [];
  const channels = useQuery(channelsQuery).data ?? [];
  const places: { place: Opened; icon: ReactNode; about: string }[] = [
    {
      place: { level: "account", owner: 0, name: account.name },
      icon: <Building2 size={16} />,
      about: t("signature.account"),
    },
    ...inboxes.map(({ id, name }) => ({
      place: { level: "inbox", owner: id, name } as const,
      icon: <Inbox size={16} />,
      about: t("signature.inbox"),
    })),
    ...channels
      .filter(({ type }) => type === "email")
      .map(({ id, name, address }) => ({
        place: { level: "channel", owner: id, name } as const,
        icon: <Mail size={16} />,
        about: t("signature.channel", { address }),
      })),
  ];
  return (
    <ul aria-label={t("signature.team")} className="divide-y rounded-xl border border-line">
      {places.map(({ place, icon, about }) => {
        const there = signatureAt(signatures, place);
        return (
          <li
            key={`${place.level}${place.owner}`}
            className="flex min-h-16 items-center gap-3 px-4 py-3"
          >
            <RowIcon>{icon}</RowIcon>
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{place.name}</p>
              <p className="truncate text-fg-3 text-xs">
                {there ? there.text.replaceAll(/\s+/g, " ").trim() : about}
              </p>
            </div>
            <Button
              size="small"
              aria-label={t(there ? "signature.editOf" : "signature.addOf", { name: place.name })}
              onClick={() => onOpen(place)}
            >
              {t(there ? "signature.edit" : "signature.add")}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
