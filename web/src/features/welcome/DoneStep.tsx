import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Banner } from "@/ui/Banner";
import { buttonClass } from "@/ui/Button";
import { CopyField } from "@/ui/CopyField";
import { Field } from "@/ui/Field";
import { ChecklistItems } from "./Checklist";
import { useChecklist } from "./model/checklist";

/** What is left to do, the forwarding address first: without it no mail arrives. */
export function DoneStep() {
  const { t } = useTranslation("welcome");
  const { channel } = useChecklist();
  return (
    <div className="grid gap-5">
      <div>
        <h1 className="font-semibold text-xl">{t("done.title")}</h1>
        <p className="mt-1 text-fg-2">{channel ? t("done.text") : t("done.textNoChannel")}</p>
      </div>
      {channel ? (
        <Field label={t("done.forward")} hint={t("done.forwardHint", { address: channel.address })}>
          <CopyField value={channel.forward_address} />
        </Field>
      ) : null}
      {channel?.forward_address.endsWith("@localhost") ? (
        <Banner tone="warn">{t("done.localOnly")}</Banner>
      ) : null}
      <ChecklistItems />
      <Link to="/inbox" className={buttonClass("primary", "large")}>
        {t("done.action")}
      </Link>
    </div>
  );
}
