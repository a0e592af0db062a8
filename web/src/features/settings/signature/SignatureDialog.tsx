import "@/ui/prose.css";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/content";
import type { MergeField, Signature } from "@/api/types";
import { RichText } from "@/features/composer";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormDialog } from "@/ui/FormDialog";
import { toast, toastUndo } from "@/ui/toast";
import { type SignaturePlace, useRemoveSignature, useSaveSignature } from "../model/signatures";

interface Props {
  place: SignaturePlace;
  /** Whose it is, in words. */
  name: string;
  signature: Signature | undefined;
  onClose: () => void;
}

/** Writing a signature, with what it looks like below. */
export function SignatureDialog({ place, name, signature, onClose }: Props) {
  const { t } = useTranslation(["settings", "common"]);
  const save = useSaveSignature();
  const remove = useRemoveSignature();
  const [initial] = useState(signature?.html ?? "");
  const [html, setHtml] = useState(initial);
  const [missing, setMissing] = useState(false);
  const { level, owner } = place;
  const beside = save.error?.fields.html;
  const fault = missing && !html ? t("signature.missing") : beside;
  return (
    <FormDialog
      size="large"
      title={level === "user" ? t("signature.mine") : t("signature.of", { name })}
      description={t(`signature.level.${level}`)}
      error={beside ? undefined : (save.error ?? remove.error)?.message}
      busy={save.isPending}
      aside={
        signature ? (
          <Button
            look="danger-ghost"
            busy={remove.isPending}
            onClick={() =>
              remove.mutate(place, {
                onSuccess: () => {
                  onClose();
                  toastUndo(t("signature.removed"), t("common:undo"), () =>
                    save.mutate({ level, owner, html: signature.html }),
                  );
                },
              })
            }
          >
            {t("signature.remove")}
          </Button>
        ) : undefined
      }
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!html);
        if (!html) return;
        save.mutate(
          { level, owner, html },
          {
            onSuccess: () => {
              toast(t("common:saved"));
              onClose();
            },
          },
        );
      }}
    >
      <Field
        label={t("signature.body")}
        hint={t("signature.bodyHint")}
        group
        {...(fault ? { error: fault } : {})}
      >
        <Suspense fallback={<div className="h-36 rounded-lg border border-control" />}>
          <RichText
            label={t("signature.body")}
            placeholder={t("signature.placeholder")}
            initial={initial}
            history={false}
            onChange={setHtml}
          />
        </Suspense>
      </Field>
      <Sample html={html} />
    </FormDialog>
  );
}

/** How it ends a letter, with made-up values for what is filled in. */
function Sample({ html }: { html: string }) {
  const { t } = useTranslation("settings");
  const fields = useQuery(mergeFieldsQuery).data ?? [];
  return (
    <section aria-label={t("signature.preview")}>
      <h3 className="font-medium text-sm">{t("signature.preview")}</h3>
      <div className="mt-1.5 min-h-24 rounded-lg border border-line bg-surface-2 px-4 py-3">
        <p className="text-fg-3">…</p>
        <div
          className="prose-mail mt-2"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: what one's own editor made, which takes no scripts
          dangerouslySetInnerHTML={{ __html: filled(html, fields) }}
        />
      </div>
    </section>
  );
}

function filled(html: string, fields: readonly MergeField[]): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const chip of page.querySelectorAll("[data-merge]")) {
    const name = chip.getAttribute("data-merge")?.split("|")[0]?.trim();
    const field = fields.find((one) => one.name === name);
    chip.replaceWith(field?.sample || field?.default || chip.textContent || "");
  }
  return page.body.innerHTML;
}
