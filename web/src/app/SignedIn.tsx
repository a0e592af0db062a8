import { Outlet } from "@tanstack/react-router";
import { useLive } from "./use-live";

/** All pages of whoever is signed in: the live client keeps them true. */
export function SignedIn() {
  useLive();
  return <Outlet />;
}
