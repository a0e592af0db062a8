import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiProblem, describe } from "@/api/problem";
import { useTitle } from "@/lib/title";
import { buttonClass } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";
import { Skeleton } from "@/ui/Skeleton";
import { LinkForm } from "./LinkForm";
import { linkQuery } from "./model/queries";

const resetRoute = getRouteApi("/outside/reset");
const inviteRoute = getRouteApi("/outside/invite");

export function ResetPage() {
  const { token = "" } = resetRoute.useSearch();
  return <LinkPage kind="reset" token={token} />;
}

export function InvitePage() {
  const { token = "" } = inviteRoute.useSearch();
  return <LinkPage kind="invite" token={token} />;
}

/** Where a link of a mail leads: choose a password, and be in. */
function LinkPage({ kind, token }: { kind: "reset" | "invite"; token: string }) {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  const link = useQuery({ ...linkQuery(token), enabled: token !== "" });
  useTitle(t(`${kind}.title`));
  const gone = link.error instanceof ApiProblem && link.error.code === "not_found";
  if (token === "" || gone) return <Gone kind={kind} />;
  if (link.error) {
    return <ErrorState {...describe(link.error)} onRetry={() => void link.refetch()} />;
  }
  if (!link.data) return <LinkSkeleton />;
  return (
    <LinkForm
      key={token}
      token={token}
      info={link.data}
      onDone={() => void navigate({ to: "/inbox" })}
    />
  );
}

/** Links work once, and not for ever. */
function Gone({ kind }: { kind: "reset" | "invite" }) {
  const { t } = useTranslation("auth");
  return (
    <div className="grid gap-4">
      <h1 className="font-semibold text-xl">{t("gone.title")}</h1>
      <p className="text-base text-fg-2">{t(`${kind}.gone`)}</p>
      <Link
        to={kind === "reset" ? "/forgot" : "/sign-in"}
        className={`${buttonClass("outline", "large")} justify-self-start`}
      >
        {t(`${kind}.goneAction`)}
      </Link>
    </div>
  );
}

function LinkSkeleton() {
  return (
    <div className="grid gap-4" aria-busy="true">
      <Skeleton className="h-7 w-60" />
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-9 w-full" />
    </div>
  );
}
