import { useCallback, useEffect, useRef, useState } from "react";
import type { PlanningProgressSubscription } from "@/gql/graphql";
import { announce } from "@/lib/keys";
import { listen, type Trouble } from "@/lib/graphql";
import { client, useChange, type Refusal } from "@/lib/server";
import { capital, count, list, number, percent, words } from "@/lib/format";
import { Tick } from "@/ui/marks";
import { day, length } from "@/lib/format";
import type { Board } from "./board";
import { boundWords, hostOf, levelWord } from "./board";
import { Lock } from "./board-view";
import { GapChart } from "./charts";
import { PlanningProgress, PlanVisits, StopPlanning } from "./documents";
import { Part, type Wish } from "./panels";

type Job = Extract<PlanningProgressSubscription["jobProgressed"], { __typename: "VisitPlanning" }>;

/** A planning that runs, or has just ended. */
export interface Planning {
  jobId: string;
  planId: string | null;
  /** What it started from: "draft 3", or null for a first plan. */
  from: string | null;
  secondsMax: number;
  job: Job | null;
  startedAt: number;
}

/** A planning without a plan: what clashes, and what it was asked from. */
export interface Clashed {
  job: Job;
  from: { id: string; name: string } | null;
  wish: Wish;
}

/** Plans, listens, stops. `done` hears the draft that is there when it has ended. */
export function usePlanning(cohort: string, done: (planId: string) => void) {
  const plan = useChange(PlanVisits);
  const cancel = useChange(StopPlanning);
  const [now, setNow] = useState<Planning | null>(null);
  const [errors, setErrors] = useState<readonly Refusal[]>([]);
  // What clashes, where no plan can be all that was asked; it stays after the planning has ended.
  const [clash, setClash] = useState<Clashed | null>(null);
  const asked = useRef<Pick<Clashed, "from" | "wish"> | null>(null);
  const latest = useRef(done);
  latest.current = done;

  const start = useCallback(
    async (from: { id: string; name: string } | null, wish: Wish) => {
      setErrors([]);
      setClash(null);
      asked.current = { from, wish };
      try {
        const { planVisits } = await plan.make({
          cohortIds: [cohort],
          fromPlanId: from?.id ?? null,
          rules: { visitDaysMax: wish.visitDaysMax || null, oneWayMinutesMax: wish.oneWayMinutesMax || null, everyoneAtLeast: wish.everyoneAtLeast, coverEveryTheme: wish.coverEveryTheme },
          seed: wish.seed,
          secondsMax: wish.secondsMax,
          dryRun: false,
        });
        if (planVisits.userErrors.length > 0 || !planVisits.job) {
          setErrors(planVisits.userErrors);
          announce(planVisits.userErrors[0]?.message ?? "Planning did not begin.");
          return;
        }
        const { job } = planVisits;
        setNow({ jobId: job.id, planId: job.plans[0]?.id ?? null, from: from?.name ?? null, secondsMax: wish.secondsMax, job: null, startedAt: Date.now() });
        announce("Planning has begun. Escape stops it and keeps the best so far.");
      } catch (e) {
        setErrors([{ field: [], message: (e as Trouble).message, code: "TROUBLE" }]);
      }
    },
    [cohort, plan],
  );

  const id = now?.jobId;
  useEffect(() => {
    if (!id) return;
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const reread = () => {
      last = Date.now();
      void client.invalidateQueries({ predicate: (q) => /^Planner/.test(String(q.queryKey[0])) });
    };
    const stop = listen(PlanningProgress, { job: id }, {
      next: ({ jobProgressed: j }) => {
        if (j.__typename !== "VisitPlanning" || ended) return;
        setNow((p) => (p ? { ...p, job: j, planId: j.plans[0]?.id ?? p.planId } : p));
        if (j.clashes.length > 0 && asked.current) setClash({ job: j, ...asked.current });
        clearTimeout(timer);
        if (Date.now() - last > 400) reread();
        else timer = setTimeout(reread, 400);
        if (j.state === "DONE" || j.state === "CANCELLED" || j.state === "FAILED") {
          ended = true;
          clearTimeout(timer);
          reread();
          const plan_ = j.plans[0];
          if (j.clashes.length > 0) {
            announce(`${j.failure ?? "Stopped."} ${j.clashes[0]!.rules.map((r) => r.text).join(" ")}`);
          } else if (j.state === "FAILED") {
            setErrors([{ field: [], message: j.failure ?? "Planning failed.", code: "FAILED" }]);
            announce(j.failure ?? "Planning failed.");
          } else if (plan_) {
            announce(`Draft ${plan_.number} is ready, ${boundWords({ ...plan_, bound: plan_.bound ? { ...plan_.bound, uncovered: 0, maxShortfall: 0, squaredShortfall: 0, gramsCo2e: 0 } : null, state: "DRAFT", cancelled: j.state === "CANCELLED" })}.`);
            latest.current(plan_.id);
          }
          setNow(null);
        }
      },
      error: (t) => {
        setErrors([{ field: [], message: t.message, code: "TROUBLE", fix: "The planning goes on without this window; its draft will be in the list of plans." }]);
        setNow(null);
        reread();
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [id]);

  return {
    now,
    errors,
    clear: () => setErrors([]),
    start,
    stop: () => (now ? cancel.make({ jobId: now.jobId, dryRun: false }) : undefined),
    stopping: cancel.busy,
    busy: plan.busy || now !== null,
    clash,
    putClashAway: () => setClash(null),
  };
}
export type PlanningControl = ReturnType<typeof usePlanning>;

/** A change of the best plan, as it was seen while planning. */
export interface Seen {
  at: number;
  what: string;
}

/** What differs between two boards of one planning, in a line. */
export function differenceWords(before: Board, after: Board): { words: string; offers: string[] } | null {
  const was = new Map(before.visits.nodes.map((v) => [v.offer.id, v]));
  const is = new Map(after.visits.nodes.map((v) => [v.offer.id, v]));
  const parts: string[] = [];
  const offers: string[] = [];
  const people = (x: (typeof after.visits.nodes)[number]) => (x.group.members ?? []).map((m) => m.id);
  const regrouped: string[] = [];
  const swapped = new Set<string>();
  for (const [id, v] of is) {
    const b = was.get(id);
    if (!b) {
      parts.push(`${hostOf(v.offer.site)} comes in`);
      offers.push(id);
    } else if (b.on !== v.on) {
      parts.push(`${hostOf(v.offer.site)} to ${day(v.on)}`);
      offers.push(id);
    } else {
      const before_ = new Set(people(b));
      const fresh = people(v).filter((m) => !before_.has(m));
      if (fresh.length === 0 && before_.size === people(v).length) continue;
      regrouped.push(hostOf(v.offer.site));
      offers.push(id);
      for (const m of fresh) swapped.add(m);
    }
  }
  for (const [id, v] of was) if (!is.has(id)) parts.push(`${hostOf(v.offer.site)} goes`);
  if (regrouped.length) parts.push(`${regrouped.length > 2 ? `${regrouped[0]} and ${regrouped.length - 1} more` : list(regrouped)}: ${swapped.size === 1 ? "one person changes" : `${words(swapped.size)} people change`} group`);
  return parts.length ? { words: parts.slice(0, 3).join("; ") + (parts.length > 3 ? `; ${parts.length - 3} more` : ""), offers } : null;
}

/** The inspector while planning: the gap closing, what changed, what holds all the time. */
export function PlanningPanel({ planning, board, seen }: { planning: Planning; board: Board | null; seen: readonly Seen[] }) {
  const steps = planning.job?.steps ?? [];
  const plan = planning.job?.plans[0];
  const gap = plan?.bound?.gapPercent;
  const pinned = board?.visits.nodes.filter((v) => v.pinned) ?? [];
  const points = steps.map((s) => ({ at: s.milliseconds / 1000, best: s.score.minutes, bound: s.bound?.minutes ?? null }));
  return (
    <div className="pl-scroll">
      <Part>
        <p className="cap">{plan ? `Draft ${plan.number}` : "A new draft"}{board?.seed != null && board.id === plan?.id ? `, seed ${board.seed}` : ""}</p>
        <h2>{plan ? capital(boundWords({ provedLevels: plan.provedLevels, bound: plan.bound ? { ...plan.bound, uncovered: 0, maxShortfall: 0, squaredShortfall: 0, gramsCo2e: 0 } : null, state: "PLANNING", cancelled: false })) : "Looking for a first plan"}</h2>
        <p className="mid">You can go on reading; the draft is kept when it stops.</p>
      </Part>
      {points.length > 0 && (
        <Part title={points.some((p) => p.bound !== null) ? "Gap between the two" : "Best plan so far"} aside="traveller-minutes">
          <GapChart
            steps={points}
            seconds={planning.secondsMax}
            label={`Best plan so far ${number(points[points.length - 1]!.best)} traveller-minutes${gap != null ? `; the gap is ${percent(gap)}` : "; no bound is known yet"}, after ${number(points[points.length - 1]!.at, 1)} seconds`}
          />
          {gap != null && plan?.bound?.firstUnproved && <p className="cap">Gap {percent(gap)} on {levelWord[plan.bound.firstUnproved]}.</p>}
        </Part>
      )}
      <Part title={planning.from ? `What changed since ${planning.from}` : "What it found"}>
        <table className="pl-wn"><tbody>
          {[...seen].reverse().slice(0, 6).map((s, i) => <tr key={i}><th scope="row">{number(s.at, 1)} s</th><td>{s.what}</td></tr>)}
          <tr><th scope="row">0.0 s</th><td>{planning.from ? `started from ${planning.from}` : "started from nothing"}</td></tr>
        </tbody></table>
      </Part>
      <Part title="Rules held all the time">
        <ul className="pl-yes">
          <li><Tick />Windows, blackout days, bank holidays of each site's nation</li>
          <li><Tick />Working-day lead times, counted from today</li>
          <li><Tick />One visit day a fortnight, one place a person</li>
          <li><Tick />Group sizes, step-free sites{board ? `, ${length(board.rules.oneWayMinutesMax)} door to door` : ""}</li>
        </ul>
      </Part>
      {pinned.length > 0 && (
        <Part title="Pinned by you" aside={count(pinned.length, "visit")}>
          <ul className="pl-lines">{pinned.map((v) => <li key={v.id}><Lock /> {hostOf(v.offer.site)}, {day(v.on)}</li>)}</ul>
        </Part>
      )}
    </div>
  );
}
