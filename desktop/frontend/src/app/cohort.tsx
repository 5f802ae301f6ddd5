import { Link, Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { useIsMutating } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { graphql } from "@/gql";
import { CohortContext } from "@/lib/cohort";
import { clock, count, dayYear } from "@/lib/format";
import { listen } from "@/lib/graphql";
import { useFindings } from "@/lib/keys";
import { client, forgetLost, useAsk, useAwaySince, useLostChanges, useNeedsToken, useSavedAt } from "@/lib/server";
import { useTheme } from "@/lib/theme";
import { ActionMenu, Button } from "@/ui/controls";
import { Masthead } from "@/ui/masthead";
import { EmptyState, Loading, TroubleNote } from "@/ui/state";
import { Trouble } from "@/lib/graphql";
import { Find, KeyHelp, useUndoing, useWindowKeys } from "./overlays";
import { TokenScreen } from "./token";

const Frame = graphql(`
  query Frame($cohort: ID!) {
    cohort(id: $cohort) {
      id
      name
      programme {
        id
        name
        today
        startsOn
        endsOn
        timeZone
        officeNation
        seats { public private }
        weeks { number startsOn endsOn bankHolidays { date name nation } }
        milestones { name on }
        cohorts(first: 100) { nodes { id name } }
      }
    }
  }
`);

const Changed = graphql(`
  subscription Changed {
    changed { version type }
  }
`);

const screens = [
  ["home", "Home"],
  ["people", "People"],
  ["challenges", "Challenges"],
  ["offers", "Offers"],
  ["visits", "Visits"],
  ["rehearse", "Rehearse"],
  ["progress", "Progress"],
  ["brief", "Brief"],
] as const;

/** What somebody else changed is asked again at once; several changes in a breath count as one. */
function useNews(when: boolean): void {
  useEffect(() => {
    if (!when) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listen(Changed, {}, {
      next: () => {
        clearTimeout(timer);
        timer = setTimeout(() => void client.invalidateQueries(), 250);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [when]);
}

/** Everything inside one cohort: the masthead, the band while the server is away, and the screen. */
export function CohortShell() {
  const { cohort: id } = useParams({ strict: false }) as { cohort: string };
  const frame = useAsk(Frame, { cohort: id }, { fresh: true });
  const path = useRouterState({ select: (s) => s.location.pathname });
  const go = useNavigate();
  const away = useAwaySince();
  const saved = useSavedAt();
  const waiting = useIsMutating({ predicate: (m) => m.state.isPaused });
  const needsToken = useNeedsToken();
  const [open, setOpen] = useState<"find" | "keys" | null>(null);
  const [, setTheme] = useTheme();
  const main = useRef<HTMLElement>(null);
  useWindowKeys(setOpen);
  const { undo, redo, back, forth } = useUndoing();
  const lost = useLostChanges();
  useNews(!!frame.data?.cohort && !away && !needsToken);
  const programme = frame.data?.cohort?.programme;
  const cohorts = programme?.cohorts.nodes ?? [];
  useFindings([
    ...screens.map(([to, name]) => ({ title: name, hint: "Go to", act: () => void go({ to: `/c/${id}/${to}` }) })),
    { title: "The programme: days, seats, rates, access", hint: "Go to", act: () => void go({ to: `/c/${id}/programme` }) },
    { title: "Load a file", hint: "Import", act: () => void go({ to: `/c/${id}/import` }) },
    { title: "Light", hint: "Looks", act: () => setTheme("light") },
    { title: "Dark", hint: "Looks", act: () => setTheme("dark") },
    { title: "As this computer", hint: "Looks", act: () => setTheme("system") },
    { title: "Keys of this screen", hint: "?", act: () => setOpen("keys") },
    ...(back ? [{ title: `Undo: ${back.says}`, hint: "Ctrl Z", act: undo }] : []),
    ...(forth ? [{ title: `Do again: ${forth.says}`, hint: "Ctrl Shift Z", act: redo }] : []),
    ...(cohorts.length > 1 ? cohorts.map((c) => ({ title: c.name, hint: "Cohort", act: () => void go({ to: `/c/${c.id}/home` }) })) : []),
  ]);

  // A new screen is read from its top.
  const screen = path.split("/")[3];
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus();
    main.current?.scrollTo(0, 0);
  }, [screen]);

  if (needsToken) return <TokenScreen />;

  const today = programme?.today;
  const week = today && programme.weeks.find((w) => w.startsOn <= today && today <= w.endsOn);
  const when = !today
    ? ""
    : today < programme.startsOn
      ? `Week 0, ${dayYear(today)}`
      : week
        ? `Week ${week.number} of ${programme.weeks.length}, ${dayYear(today)}`
        : `Ended, ${dayYear(today)}`;
  const state = waiting > 0 ? `${count(waiting, "change")} ${waiting === 1 ? "waits" : "wait"}` : saved ? `Saved ${clock(saved)}` : "";

  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>To the content</a>
      <Masthead
        onFind={() => setOpen("find")}
        when={when}
        saved={state}
        nav={screens.map(([to, name]) => ({ to: `/c/${id}/${to}`, name, current: path.split("/")[3] === to }))}
        programme={programme && frame.data?.cohort && (
          cohorts.length > 1
            ? <span className="prog-m"><ActionMenu size="sm" label={`${programme.name}, ${frame.data.cohort.name}: choose a cohort`} items={[...cohorts.map((c) => ({ id: c.id, name: c.name, act: () => void go({ to: `/c/${c.id}/${path.split("/")[3] ?? "home"}` }) })), { id: "programme", name: "The programme, access…", act: () => void go({ to: `/c/${id}/programme` }) }]}>{frame.data.cohort.name}</ActionMenu></span>
            : <Link className="prog" to={`/c/${id}/programme`} {...(screen === "programme" ? { "aria-current": "page" as const } : {})}>{programme.name}</Link>
        )}
      >
        {back && <Button kind="bare" size="sm" aria-label={`Undo: ${back.says}`} onPress={undo}>Undo</Button>}
        <Button kind="bare" size="sm" onPress={() => setOpen("keys")}>Keys, looks</Button>
      </Masthead>
      {lost.length > 0 && (
        <div className="ban lost" role="alert">
          <span>{lost.join(" ")}</span>
          <Button kind="bare" size="sm" onPress={forgetLost}>Put away</Button>
        </div>
      )}
      {away && (
        <div className="ban" role="status">
          <b>Offline since {clock(away)}.</b>
          <span>
            {waiting > 0
              ? `${count(waiting, "change")} ${waiting === 1 ? "waits" : "wait"} in this window. Keep it open: ${waiting === 1 ? "it is" : "they are"} sent in order when the server answers.`
              : "What is on screen is what was last read. Changes made now wait here and are sent in order when the server answers."}
          </span>
        </div>
      )}
      <main className="screen" id="main" tabIndex={-1} ref={main}>
        {frame.data?.cohort ? (
          <CohortContext.Provider value={frame.data.cohort}><Outlet /></CohortContext.Provider>
        ) : frame.data ? (
          <EmptyState title="This cohort is not there, or not yours to see."><p>It may have been taken back with its import. <a href="#/">Go to the start</a>.</p></EmptyState>
        ) : frame.error ? (
          <div className="pad"><TroubleNote trouble={frame.error} /></div>
        ) : frame.fetchStatus === "paused" ? (
          <div className="pad"><TroubleNote trouble={new Trouble("unreachable", "")} /></div>
        ) : (
          <Loading what="the programme" />
        )}
      </main>
      {open === "find" && <Find onClose={() => setOpen(null)} />}
      {open === "keys" && <KeyHelp onClose={() => setOpen(null)} />}
    </div>
  );
}
