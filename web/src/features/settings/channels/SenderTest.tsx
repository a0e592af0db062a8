import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "@/api/problem";
import type { Channel } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { type SenderCheck, type SenderRecord, senderCheckQuery } from "../model/way-tests";
import { SetupSection } from "./SetupSection";

const records = ["spf", "dkim", "dmarc"] as const;

/** What receivers find when they ask whether the channel's mail is really its own. */
export function SenderTest({ channel }: { channel: Channel }) {
  const { t } = useTranslation("settings");
  const check = useQuery(senderCheckQuery(channel.id));
  const problem = check.error as ApiProblem | null;
  return (
    <SetupSection
      title={t("setup.sender")}
      text={t("setup.senderText")}
      action={
        <Button busy={check.isFetching} onClick={() => void check.refetch()}>
          {t("setup.senderAgain")}
        </Button>
      }
    >
      {problem && !check.data ? <Banner tone="warn">{problem.message}</Banner> : null}
      {check.isPending ? <Skeleton className="h-24" /> : null}
      {check.data ? <Found check={check.data} /> : null}
    </SetupSection>
  );
}

function Found({ check }: { check: SenderCheck }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <ul className="grid gap-3">
        {records.map((kind) => (
          <RecordRow key={kind} kind={kind} record={check[kind]} />
        ))}
      </ul>
      {check.notes.length > 0 ? (
        <ul className="grid list-disc gap-1 pl-5 text-fg-2 text-sm">
          {check.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : (
        <Banner tone="ok">{t("setup.aligned", { domain: check.domain })}</Banner>
      )}
    </>
  );
}

const tones = { ok: "ok", missing: "warn", wrong: "danger", unknown: "plain" } as const;

function RecordRow({ kind, record }: { kind: (typeof records)[number]; record: SenderRecord }) {
  const { t } = useTranslation("settings");
  const { state, name, record: text, add } = record;
  return (
    <li className="grid gap-2 rounded-lg border border-line px-3 py-2.5">
      <div className="flex items-center gap-2">
        <span className="font-medium text-sm">{t(`setup.records.${kind}`)}</span>
        <Chip tone={tones[state]}>{t(`setup.state.${state}`)}</Chip>
      </div>
      <p className="text-fg-2 text-xs">{t(`setup.recordText.${kind}`)}</p>
      {text ? (
        <p className="font-mono text-fg-2 text-xs [overflow-wrap:anywhere]">
          {name}: {text}
        </p>
      ) : null}
      {add ? (
        <Field label={t("setup.add", { name })}>
          <CopyField mono value={add} />
        </Field>
      ) : null}
    </li>
  );
}
