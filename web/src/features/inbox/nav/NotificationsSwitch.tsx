import { useTranslation } from "react-i18next";
import { Switch } from "@/ui/Switch";
import { useNotifications } from "../model/notifications";

/** Alerts for new messages, on this device. */
export function NotificationsSwitch() {
  const { t } = useTranslation("inbox");
  const { on, setOn } = useNotifications();
  return (
    <Switch
      checked={on}
      onChange={setOn}
      label={t("notifications.label")}
      hint={t("notifications.hint")}
    />
  );
}
