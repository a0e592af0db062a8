import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/api/me";
import { ApiProblem } from "@/api/problem";
import { auth, returnSearch } from "@/features/auth";
import { InboxPage, inboxSearch } from "@/features/inbox";
import { settings } from "@/features/settings";
import { loadTexts } from "@/lib/i18n";
import { NotFound, PageError } from "./error";

/**
 * Every route, by hand: the table of contents of the app. A feature's index.ts
 * holds lazy components and search parameters alone, so what is imported here
 * costs the first paint next to nothing.
 */
interface Context {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: PageError,
  notFoundComponent: NotFound,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "unauthed") throw error;
      throw redirect({ to: "/sign-in", search: { return: location.href } });
    }
  },
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox" });
  },
});

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/inbox",
  validateSearch: inboxSearch,
  component: InboxPage,
});

/** The pages a person sees before signing in. Where nothing is set up yet, all lead to set-up. */
const outside = createRoute({
  getParentRoute: () => root,
  id: "outside",
  loader: () => loadTexts("auth", "problems"),
  component: auth.Layout,
});

const signIn = createRoute({
  getParentRoute: () => outside,
  path: "/sign-in",
  validateSearch: returnSearch,
  component: auth.SignIn,
});

const settingsLayout = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  loader: () => loadTexts("settings"),
  component: settings.Layout,
});

const settingsHome = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile" });
  },
});

const settingsProfile = createRoute({
  getParentRoute: () => settingsLayout,
  path: "profile",
  component: settings.Profile,
});

const routeTree = root.addChildren([
  home,
  outside.addChildren([signIn]),
  signedIn.addChildren([inbox, settingsLayout.addChildren([settingsHome, settingsProfile])]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    // Queries know how old they are; the router need not keep a second clock.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    // Nothing for 120 ms, then each page draws its own skeleton.
    defaultPendingMs: 120,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
