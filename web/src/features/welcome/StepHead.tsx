import { useTranslation } from "react-i18next";

export function StepHead({ step, title, text }: { step: 1 | 2; title: string; text: string }) {
  const { t } = useTranslation("welcome");
  return (
    <div>
      <p className="text-fg-3 text-xs">{t("step", { step, of: 2 })}</p>
      <h1 className="font-semibold text-xl">{title}</h1>
      <p className="mt-1 text-fg-2">{text}</p>
    </div>
  );
}
