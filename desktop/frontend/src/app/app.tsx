import { QueryClientProvider } from "@tanstack/react-query";
import { createHashHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider, lazyRouteComponent } from "@tanstack/react-router";
import { FindProvider, KeyListener, LiveRegion, UndoProvider } from "@/lib/keys";
import { client } from "@/lib/server";
import { CohortShell } from "./cohort";
import { Start } from "./start";

// The address lives behind #, so that the same screens open from the window's own scheme and from any server.
const root = createRootRoute({ component: Outlet });
const start = createRoute({ getParentRoute: () => root, path: "/", component: Start });
const cohort = createRoute({ getParentRoute: () => root, path: "/c/$cohort", component: CohortShell });
const screen = (path: string, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => cohort, path, component: lazyRouteComponent(load, name) });

const visit = () => import("@/features/visit");
const rehearsal = () => import("@/features/rehearsal");
// The stage and its audience's window have the whole screen to themselves.
const bare = (path: string, name: "StageScreen" | "AudienceScreen") => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(() => import("@/features/rehearsal/on-stage"), name) });
const tree = root.addChildren([
  start,
  bare("/stage/$cohort/$team", "StageScreen"),
  bare("/stage/$cohort/$team/audience", "AudienceScreen"),
  cohort.addChildren([
    screen("/home", () => import("@/features/home"), "HomeScreen"),
    screen("/people", () => import("@/features/people"), "PeopleScreen"),
    screen("/challenges", () => import("@/features/challenge"), "ChallengesScreen"),
    screen("/offers", () => import("@/features/offer"), "OffersScreen"),
    screen("/visits", visit, "PlannerScreen"),
    screen("/visits/compare", visit, "CompareScreen"),
    screen("/rehearse", rehearsal, "RehearseScreen"),
    screen("/rehearse/$team", rehearsal, "PitchScreen"),
    screen("/rehearse/$team/run/$run", rehearsal, "RunScreen"),
    screen("/rehearse/$team/compare", rehearsal, "CompareRunsScreen"),
    screen("/progress", () => import("@/features/progress"), "ProgressScreen"),
    screen("/brief", () => import("@/features/brief"), "BriefScreen"),
    screen("/programme", () => import("@/features/programme"), "ProgrammeScreen"),
    screen("/import", () => import("@/features/import"), "ImportScreen"),
  ]),
]);

const router = createRouter({ routeTree: tree, history: createHashHistory(), defaultPreload: false });

export function App() {
  return (
    <QueryClientProvider client={client}>
      <UndoProvider>
        <FindProvider>
          <KeyListener />
          <LiveRegion />
          <RouterProvider router={router} />
        </FindProvider>
      </UndoProvider>
    </QueryClientProvider>
  );
}
