import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Token } from "@/api/types";
import { dateTime, relativeTime } from "@/lib/dates";
import { AlertDialog } from "@/ui/AlertDialog";
import { Button, buttonClass } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { toast } from "@/ui/toast";
import { tokensQuery, useRevokeToken } from "../model/tokens";
import { RowIcon, Rows } from "../Rows";
import { SettingsPage } from "../SettingsPage";

const NewTokenDialog = lazy(() =>
  import("./NewTokenDialog").then((file) => ({ default: file.NewTokenDialog })),
);

const route = getRouteApi("/signed-in/shell/settings/tokens");

export function TokensPage() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { item } = route.useSearch();
  const tokens = useQuery(tokensQuery);
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <SettingsPage title={t("tokens.title")} text={t("tokens.text")} action={<NewLink />}>
      <Rows
        label={t("tokens.title")}
        query={tokens}
        empty={
          <EmptyState icon={<KeyRound size={20} />} text={t("tokens.empty")} action={<NewLink />} />
        }
      >
        {(token) => <TokenRow token={token} onRevoke={() => setRevoking(token)} />}
      </Rows>
      <Suspense fallback={null}>
        {item === "new" ? (
          <NewTokenDialog onClose={() => void navigate({ to: "/settings/tokens" })} />
        ) : null}
      </Suspense>
      {revoking ? <RevokeToken token={revoking} onClose={() => setRevoking(null)} /> : null}
    </SettingsPage>
  );
}

function NewLink() {
  const { t } = useTranslation("settings");
  return (
    <Link to="/settings/tokens" search={{ item: "new" }} className={buttonClass("primary")}>
      <Plus size={16} aria-hidden />
      {t("tokens.new")}
    </Link>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { t } = useTranslation("settings");
  const used = token.last_used_at
    ? t("tokens.used", { when: relativeTime(token.last_used_at) })
    : t("tokens.unused");
  return (
    <div className="flex min-h-16 items-center gap-3 px-4 py-3">
      <RowIcon>
        <KeyRound size={16} />
      </RowIcon>
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-medium">{token.name}</span>
          <code className="shrink-0 font-mono text-2xs text-fg-3">{token.hint}</code>
        </p>
        <p className="truncate text-fg-3 text-xs">
          {t("tokens.created", { when: dateTime(token.created_at) })} · {used}
        </p>
      </div>
      <Button size="small" onClick={onRevoke} aria-label={t("tokens.revokeName", token)}>
        {t("tokens.revoke")}
      </Button>
    </div>
  );
}

function RevokeToken({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const revoke = useRevokeToken();
  return (
    <AlertDialog
      open
      danger
      onOpenChange={(open) => open || onClose()}
      title={t("tokens.revokeTitle", { name: token.name })}
      text={t("tokens.revokeText")}
      action={t("tokens.revoke")}
      busy={revoke.isPending}
      error={revoke.error?.message}
      onConfirm={() =>
        revoke.mutate(token.id, {
          onSuccess: () => {
            toast(t("tokens.revoked", { name: token.name }));
            onClose();
          },
        })
      }
    />
  );
}
