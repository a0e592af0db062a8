import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect } from "react";
import { onSignedOut } from "@/api/client";
import { createQueryClient } from "@/api/query";
import { live } from "@/api/realtime";
import { bindHotkeys } from "@/lib/hotkeys";
import { watchTheme } from "@/lib/theme";
import { Late } from "@/ui/Late";
import { createAppRouter } from "./router";

const queryClient = createQueryClient();
const router = createAppRouter(queryClient);

onSignedOut(() => {
  const here = router.state.location;
  if (here.pathname === "/sign-in") return;
  live.stop();
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { return: here.href }, replace: true });
});
live.onReset(() => void queryClient.invalidateQueries());

export function App() {
  useEffect(watchTheme, []);
  useEffect(() => bindHotkeys(window), []);
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Late />
      </QueryClientProvider>
    </StrictMode>
  );
}
