import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { describe } from "@/api/problem";
import type { Message } from "@/api/types";
import { announce } from "@/lib/announce";
import { fullTime } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/ErrorState";
import { toast } from "@/ui/toast";
import { type Head, hopsOf, readHead, verdictsOf } from "../model/headers";

interface Props {
  message: Message;
  onClose: () => void;
}

/** A mail's header: what servers said of it, readable, and below it every line as it came. */
export function HeadersDialog({ message, onClose }: Props) {
  const { t } = useTranslation("inbox");
  const head = useQuery({
    queryKey: ["head", message.id],
    queryFn: ({ signal }) => fetchHead(message.id, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { data, error } = head;
  return (
    <Dialog
      open
      reading
      size="large"
      title={t("headers.title")}
      onOpenChange={(open) => open || onClose()}
      footer={data ? <CopyHead text={data.text} /> : undefined}
    >
      {error && !data ? (
        <ErrorState {...describe(error)} onRetry={() => void head.refetch()} />
      ) : (
        <div className="grid min-h-60 content-start gap-5" aria-busy={!data}>
          {data ? <Parts head={data} /> : null}
        </div>
      )}
    </Dialog>
  );
}

async function fetchHead(id: number, signal: AbortSignal): Promise<Head> {
  const { response } = await api.GET("/api/v1/messages/{id}/raw", {
    signal,
    params: { path: { id } },
    parseAs: "stream",
  });
  return readHead(response.body);
}

function Parts({ head }: { head: Head }) {
  const { t } = useTranslation("inbox");
  return (
    <>
      <Verdicts head={head} />
      <Way head={head} />
      <section aria-labelledby="headers-all" className="min-w-0">
        <h3 id="headers-all" className="mb-1.5 font-medium">
          {t("headers.all")}
        </h3>
        {head.cut ? (
          <div className="mb-2">
            <Banner tone="warn">{t("headers.cut")}</Banner>
          </div>
        ) : null}
        <pre className="rounded-lg border border-line bg-surface-2 p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          {head.text}
        </pre>
      </section>
    </>
  );
}

const tones: Record<string, string> = { pass: "text-ok", fail: "text-danger" };

function Verdicts({ head }: { head: Head }) {
  const { t } = useTranslation("inbox");
  const verdicts = verdictsOf(head.fields);
  if (verdicts.length === 0) return null;
  return (
    <section aria-labelledby="headers-verdicts">
      <h3 id="headers-verdicts" className="mb-1.5 font-medium">
        {t("headers.verdicts")}
      </h3>
      <ul className="grid gap-1.5">
        {verdicts.map(({ by, method, result, about }) => (
          <li key={`${by} ${method} ${about}`} className="min-w-0 [overflow-wrap:anywhere]">
            <b className="font-medium uppercase">{method}</b>{" "}
            <span className={clsx("font-medium", tones[result.toLowerCase()] ?? "text-fg-2")}>
              {result}
            </span>
            <span className="block text-fg-3 text-xs">
              {[about, t("headers.by", { host: by })].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where it came through, the first server first. */
function Way({ head }: { head: Head }) {
  const { t } = useTranslation("inbox");
  const hops = hopsOf(head.fields);
  if (hops.length === 0) return null;
  return (
    <section aria-labelledby="headers-way">
      <h3 id="headers-way" className="mb-1.5 font-medium">
        {t("headers.way")}
      </h3>
      <ol className="grid list-decimal gap-1.5 pl-5 marker:text-fg-3">
        {hops.map(({ from, by, at }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they stand as they stand
          <li key={index} className="min-w-0 [overflow-wrap:anywhere]">
            {from ? t("headers.hop", { from, by }) : t("headers.hopBy", { by })}
            {at ? (
              <time dateTime={at.toISOString()} className="block text-fg-3 text-xs">
                {fullTime(at.toISOString())}
              </time>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function CopyHead({ text }: { text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t("copied"));
    } catch {
      toast(t("copyFailed"), { tone: "danger" });
    }
  }
  return (
    <Button
      icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      onClick={() => void copy()}
    >
      {copied ? t("copied") : t("copy")}
    </Button>
  );
}
