import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import { buttonClass } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";

/** A route that could not load or render; what is around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation("shell");
  const router = useRouter();
  const { text, requestId } = describe(error);
  return (
    <main id="main" tabIndex={-1} className="flex h-full flex-1">
      <ErrorState
        title={t("crash.title")}
        text={text}
        requestId={requestId}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation("shell");
  return (
    <main id="main" tabIndex={-1} className="flex h-full flex-1">
      <EmptyState
        text={t("notFound.text")}
        action={
          <Link to="/inbox" className={buttonClass("outline")}>
            {t("notFound.action")}
          </Link>
        }
      />
    </main>
  );
}
