import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import type { Content } from "./model/content";
import type { Writing } from "./model/writing";

/** The same person has written something else here, on another device or in another tab. */
export function OtherDraft({ writing, content }: { writing: Writing; content: Content }) {
  const { t } = useTranslation("composer");
  const { other, keeper, replace } = writing;
  if (!other) return null;
  return (
    <div
      role="status"
      className="mx-2 mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-accent-soft px-3 py-1.5"
    >
      <span className="flex-1 text-accent-text">{t("other.text")}</span>
      <Button
        size="small"
        onClick={() => {
          keeper.settle(content);
          replace(other);
        }}
      >
        {t("other.use")}
      </Button>
      <Button size="small" look="ghost" onClick={() => keeper.settle()}>
        {t("other.dismiss")}
      </Button>
    </div>
  );
}
