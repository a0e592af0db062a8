import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface Props {
  /** What could not be done; the default speaks of a part of a page. */
  title?: string;
  text: string;
  requestId?: string;
  onRetry?: () => void;
  /** Where it is all there is on the page, its title is the page's. */
  heading?: "h1" | "h2";
}

/** Stands inside the panel that failed, so that the rest keeps working. */
export function ErrorState(props: Props) {
  const { title, text, requestId, onRetry, heading: Heading = "h2" } = props;
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-3 p-6">
      <div className="max-w-96 text-center">
        <Heading className="font-semibold text-base">{title ?? t("error.title")}</Heading>
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
