import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SessionInfo } from "@/api/types";
import { relativeTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Chip } from "@/ui/Chip";
import { EmptyState } from "@/ui/EmptyState";
import { toast } from "@/ui/toast";
import { sessionsQuery, useRevokeSession } from "../model/me";
import { RowIcon, Rows } from "../Rows";
import { SettingsSection } from "../SettingsPage";
import { deviceOf, hostOf } from "./device";

export function SessionsSection() {
  const { t } = useTranslation("settings");
  const sessions = useQuery(sessionsQuery);
  return (
    <SettingsSection title={t("sessions.title")} text={t("sessions.text")}>
      <Rows
        label={t("sessions.title")}
        query={sessions}
        empty={<EmptyState text={t("sessions.empty")} />}
      >
        {(session) => <SessionRow session={session} />}
      </Rows>
    </SettingsSection>
  );
}

function SessionRow({ session }: { session: SessionInfo }) {
  const { t } = useTranslation("settings");
  const revoke = useRevokeSession();
  const { browser, system, phone } = deviceOf(session.user_agent);
  const name =
    browser && system
      ? t("sessions.device", { browser, system })
      : browser || t("sessions.unknown");
  return (
    <div className="flex min-h-16 items-center gap-3 px-4 py-3">
      <RowIcon>{phone ? <Smartphone size={16} /> : <Monitor size={16} />}</RowIcon>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{name}</span>
          {session.current ? <Chip tone="ok">{t("sessions.current")}</Chip> : null}
        </p>
        <p className="truncate text-fg-3 text-xs">
          {hostOf(session.remote_addr)} ·{" "}
          {t("sessions.seen", { when: relativeTime(session.last_seen_at) })}
        </p>
      </div>
      {session.current ? null : (
        <Button
          size="small"
          busy={revoke.isPending}
          aria-label={t("sessions.endName", { name })}
          onClick={() =>
            revoke.mutate(session.id, {
              onSuccess: () => toast(t("sessions.ended")),
              onError: (problem) => toast(problem.message, { tone: "danger" }),
            })
          }
        >
          {t("sessions.end")}
        </Button>
      )}
    </div>
  );
}
