import { Navigate } from "@tanstack/react-router";
import { useMay } from "@/api/me";

/** The first page that this user may see. */
export function SettingsHome() {
  return <Navigate to={useMay("settings") ? "/settings/channels" : "/settings/profile"} replace />;
}
