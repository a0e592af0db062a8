import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { describe } from "@/api/problem";
import { buttonClass } from "@/ui/Button";
import { ErrorState } from "@/ui/ErrorState";

/** A route that could not load or render; what is around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation("shell");
  const router = useRouter();
  const { text, requestId } = describe(error);
  return (
    <main id="main" tabIndex={-1} className="flex h-full flex-1">
      <ErrorState
        heading="h1"
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
      <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center">
        <h1 className="font-semibold text-lg">{t("notFound.text")}</h1>
        <Link to="/inbox" className={buttonClass("outline")}>
          {t("notFound.action")}
        </Link>
      </div>
    </main>
  );
}
