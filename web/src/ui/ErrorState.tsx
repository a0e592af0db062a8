import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface Props {
  /** What could not be done; the default speaks of a part of a page. */
  title?: string;
  text: string;
  requestId?: string;
  onRetry?: () => void;
}

/** Stands inside the panel that failed, so that the rest keeps working. */
export function ErrorState({ title, text, requestId, onRetry }: Props) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-3 p-6">
      <div className="max-w-96 text-center">
        <h2 className="font-semibold text-base">{title ?? t("error.title")}</h2>
        <p className="mt-1 text-fg-2">{text}</p>
        {requestId ? (
          <p className="mt-1 select-all text-fg-3 text-xs">
            {t("error.requestId", { id: requestId })}
          </p>
        ) : null}
      </div>
      {onRetry ? (
        <Button icon={<RotateCw size={14} aria-hidden />} onClick={onRetry}>
          {t("retry")}
        </Button>
      ) : null}
    </div>
  );
}
