import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, call } from "@/api/client";
import { describe } from "@/api/problem";
import { live } from "@/api/realtime";
import { useHotkey } from "@/lib/hotkeys";
import { cyclePanel } from "@/lib/panels";
import { toggleTheme } from "@/lib/theme";
import { toast } from "@/ui/toast";

/** The shortcuts that work on every signed-in page. */
export function useShellHotkeys(): void {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  useHotkey("next_panel", () => cyclePanel(1));
  useHotkey("previous_panel", () => cyclePanel(-1));
  useHotkey("toggle_theme", toggleTheme);
  useHotkey("go_settings", () => void navigate({ to: "/settings" }));
  useHotkey("sign_out", () => {
    call(api.DELETE("/api/v1/session")).then(
      () => {
        live.stop();
        queryClient.clear();
        void navigate({ to: "/sign-in" });
      },
      (error) => toast(describe(error).text, { tone: "danger" }),
    );
  });
}
