import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/api/me";
import { ApiProblem } from "@/api/problem";
import { auth, returnSearch, setupQuery, tokenSearch } from "@/features/auth";
import { InboxPage, inboxSearch } from "@/features/inbox";
import { channelSearch, itemSearch, settings } from "@/features/settings";
import { welcome, welcomeSearch } from "@/features/welcome";
import { loadTexts } from "@/lib/i18n";
import { NotFound, PageError } from "./error";
import { SignedIn } from "./SignedIn";

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
  component: SignedIn,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "unauthed") throw error;
      throw redirect({ to: "/sign-in", search: { return: location.href } });
    }
  },
});

const shell = createRoute({
  getParentRoute: () => signedIn,
  id: "shell",
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
  getParentRoute: () => shell,
  path: "/inbox",
  validateSearch: inboxSearch,
  loader: () => loadTexts("inbox"),
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
  beforeLoad: async ({ context }) => {
    const { needed } = await context.queryClient.fetchQuery(setupQuery);
    if (needed) throw redirect({ to: "/setup" });
  },
  component: auth.SignIn,
});

const forgot = createRoute({
  getParentRoute: () => outside,
  path: "/forgot",
  component: auth.Forgot,
});

const reset = createRoute({
  getParentRoute: () => outside,
  path: "/reset",
  validateSearch: tokenSearch,
  component: auth.Reset,
});

const invite = createRoute({
  getParentRoute: () => outside,
  path: "/invite",
  validateSearch: tokenSearch,
  component: auth.Invite,
});

const setup = createRoute({
  getParentRoute: () => outside,
  path: "/setup",
  beforeLoad: async ({ context }) => {
    const { needed } = await context.queryClient.fetchQuery(setupQuery);
    if (!needed) throw redirect({ to: "/inbox" });
  },
  component: auth.Setup,
});

/** Signed in, but without the shell around it. */
const card = createRoute({
  getParentRoute: () => signedIn,
  id: "card",
  component: auth.Layout,
});

const welcomeTour = createRoute({
  getParentRoute: () => card,
  path: "/welcome",
  validateSearch: welcomeSearch,
  loader: () => loadTexts("welcome", "problems"),
  component: welcome.Page,
});

const settingsLayout = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  loader: () => loadTexts("settings", "hotkeys", "problems"),
  component: settings.Layout,
});

const settingsHome = createRoute({
  getParentRoute: () => settingsLayout,
  path: "/",
  component: settings.Home,
});

const settingsChannels = createRoute({
  getParentRoute: () => settingsLayout,
  path: "channels",
  validateSearch: channelSearch,
  component: settings.Channels,
});

const settingsInboxes = createRoute({
  getParentRoute: () => settingsLayout,
  path: "inboxes",
  validateSearch: itemSearch,
  component: settings.Inboxes,
});

const settingsUsers = createRoute({
  getParentRoute: () => settingsLayout,
  path: "users",
  validateSearch: itemSearch,
  component: settings.Users,
});

const settingsTokens = createRoute({
  getParentRoute: () => settingsLayout,
  path: "tokens",
  validateSearch: itemSearch,
  component: settings.Tokens,
});

const settingsCanned = createRoute({
  getParentRoute: () => settingsLayout,
  path: "canned",
  validateSearch: itemSearch,
  component: settings.Canned,
});

const settingsSignature = createRoute({
  getParentRoute: () => settingsLayout,
  path: "signature",
  component: settings.Signature,
});

const settingsFields = createRoute({
  getParentRoute: () => settingsLayout,
  path: "fields",
  component: settings.Fields,
});

const settingsBlocklist = createRoute({
  getParentRoute: () => settingsLayout,
  path: "blocklist",
  component: settings.Blocklist,
});

const settingsIntake = createRoute({
  getParentRoute: () => settingsLayout,
  path: "intake",
  component: settings.Intake,
});

const settingsBusiness = createRoute({
  getParentRoute: () => settingsLayout,
  path: "business",
  component: settings.Business,
});

const settingsSample = createRoute({
  getParentRoute: () => settingsLayout,
  path: "sample",
  component: settings.Sample,
});

const settingsShortcuts = createRoute({
  getParentRoute: () => settingsLayout,
  path: "shortcuts",
  component: settings.Shortcuts,
});

const settingsProfile = createRoute({
  getParentRoute: () => settingsLayout,
  path: "profile",
  component: settings.Profile,
});

const routeTree = root.addChildren([
  home,
  outside.addChildren([signIn, forgot, reset, invite, setup]),
  signedIn.addChildren([
    card.addChildren([welcomeTour]),
    shell.addChildren([
      inbox,
      settingsLayout.addChildren([
        settingsHome,
        settingsBusiness,
        settingsChannels,
        settingsInboxes,
        settingsUsers,
        settingsCanned,
        settingsSignature,
        settingsFields,
        settingsBlocklist,
        settingsIntake,
        settingsSample,
        settingsProfile,
        settingsShortcuts,
        settingsTokens,
      ]),
    ]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    history,
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
