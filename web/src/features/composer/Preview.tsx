import { useQuery } from "@tanstack/react-query";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { describe } from "@/api/problem";
import type { Conversation } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Dialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/ErrorState";
import { Tabs } from "@/ui/Tabs";
import { fieldLabel } from "./merge/labels";
import { type Content, listed } from "./model/content";
import { writePerson } from "./model/people";

interface Props {
  conversation: Conversation;
  content: Content;
  signature: boolean;
  onClose: () => void;
}

const sheet =
  "body{margin:0;padding:16px;font:14px/22px system-ui,sans-serif;color:#17171d;background:#fff;overflow-wrap:anywhere}img{max-width:100%}blockquote{margin:8px 0;padding-left:12px;border-left:3px solid #d6d6de}p{margin:0 0 8px}pre{white-space:pre-wrap}";

/** The letter as it will be sent: fields filled in, signature below. */
export function Preview({ conversation, content, signature, onClose }: Props) {
  const { t } = useTranslation("composer");
  const [form, setForm] = useState<"html" | "text">("html");
  const { html } = content;
  const preview = useQuery({
    queryKey: ["merge-preview", conversation.id, html, signature],
    queryFn: ({ signal }) =>
      call(
        api.POST("/api/v1/conversations/{id}/merge-preview", {
          signal,
          params: { path: { id: conversation.id } },
          body: { html, signature },
        }),
      ),
    staleTime: 0,
    gcTime: 0,
  });
  const { data, error } = preview;
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t("preview.title")} size="large">
      <Head content={content} />
      {data ? <Missing unresolved={data.unresolved} unknown={data.unknown} /> : null}
      {error && !data ? (
        <ErrorState {...describe(error)} onRetry={() => void preview.refetch()} />
      ) : (
        <Tabs
          label={t("preview.title")}
          value={form}
          onChange={setForm}
          tabs={[
            { value: "html", label: t("preview.html") },
            { value: "text", label: t("preview.text") },
          ]}
        >
          {form === "html" ? (
            // In a frame that runs nothing: what others wrote may stand in it.
            <iframe
              title={t("preview.title")}
              sandbox=""
              srcDoc={data ? `<style>${sheet}</style>${data.html}` : ""}
              className="h-[46dvh] w-full rounded-lg border border-line bg-white"
            />
          ) : (
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
              tabIndex={0}
              className="h-[46dvh] overflow-y-auto whitespace-pre-wrap rounded-lg border border-line p-4 font-mono text-xs [overflow-wrap:anywhere]"
            >
              {data?.text}
            </pre>
          )}
        </Tabs>
      )}
      <Files content={content} />
    </Dialog>
  );
}

function Head({ content }: { content: Content }) {
  const { t } = useTranslation("composer");
  const lines = (["to", "cc", "bcc"] as const).filter((name) => content[name].length > 0);
  return (
    <dl className="mb-3 grid grid-cols-[auto_1fr] gap-x-3 text-xs [overflow-wrap:anywhere]">
      {lines.map((name) => (
        <div key={name} className="contents">
          <dt className="text-fg-3">{t(`to.${name}`)}</dt>
          <dd>{content[name].map(writePerson).join(", ")}</dd>
        </div>
      ))}
      {content.subject ? (
        <div className="contents">
          <dt className="text-fg-3">{t("subject.label")}</dt>
          <dd className="font-medium">{content.subject}</dd>
        </div>
      ) : null}
    </dl>
  );
}

interface MissingProps {
  unresolved: readonly string[];
  unknown: readonly string[];
}

function Missing({ unresolved, unknown }: MissingProps) {
  const { t } = useTranslation("composer");
  if (unresolved.length + unknown.length === 0) return null;
  return (
    <div className="mb-3 grid gap-2">
      {unknown.length > 0 ? (
        <Banner tone="danger">{t("merge.unknown", { fields: unknown.join(", ") })}</Banner>
      ) : null}
      {unresolved.length > 0 ? (
        <Banner tone="warn">
          {t("merge.unresolved", { fields: unresolved.map(fieldLabel).join(", ") })}
        </Banner>
      ) : null}
    </div>
  );
}

function Files({ content }: { content: Content }) {
  const { t } = useTranslation("composer");
  const files = listed(content);
  if (files.length === 0) return null;
  return (
    <p className="mt-3 flex items-start gap-1.5 text-fg-2 text-xs [overflow-wrap:anywhere]">
      <Paperclip size={13} aria-hidden className="mt-0.5 shrink-0" />
      {t("preview.files", { files: files.map(({ filename }) => filename).join(", ") })}
    </p>
  );
}
