import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { ForwardingSteps } from "./ForwardingSteps";
import { RoundTripTest } from "./RoundTripTest";
import { SenderTest } from "./SenderTest";

interface Props {
  channel: Channel;
  onClose: () => void;
}

/** From the forwarding to a mail that arrives, and on to mail that others believe. */
export function SetupDialog({ channel, onClose }: Props) {
  const { t } = useTranslation("settings");
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("setup.title")}
      description={channel.address}
      size="large"
    >
      <div className="grid gap-6 pb-3">
        {channel.incoming.way === "forward" ? <ForwardingSteps channel={channel} /> : null}
        <RoundTripTest channel={channel} />
        <SenderTest channel={channel} />
      </div>
    </Dialog>
  );
}
