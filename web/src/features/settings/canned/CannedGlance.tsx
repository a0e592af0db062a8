import "@/ui/prose.css";
import { useTranslation } from "react-i18next";
import type { CannedMessage } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Dialog } from "@/ui/Dialog";

interface Props {
  canned: CannedMessage;
  onClose: () => void;
}

/** A shared one, for those who may use it but not change it. */
export function CannedGlance({ canned, onClose }: Props) {
  const { t } = useTranslation("settings");
  return (
    <Dialog reading open onOpenChange={(open) => open || onClose()} title={canned.name}>
      <Banner>{t("canned.readOnly")}</Banner>
      {canned.subject ? <p className="mt-3 font-medium">{canned.subject}</p> : null}
      <div
        className="prose-mail mt-3"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the server keeps only a letter's own few elements
        dangerouslySetInnerHTML={{ __html: canned.html }}
      />
    </Dialog>
  );
}
