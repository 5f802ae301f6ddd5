import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { ProgressQuery, TeamStep } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { capital, count, day, hostName, list, money, number, short } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button } from "@/ui/controls";
import { Tick } from "@/ui/marks";
import { Answer, EmptyState } from "@/ui/state";
import { AttendanceDialog, BudgetDialog, CloseRatings, OutcomesDialog, RemoveLine, StepDialog, UseDialog } from "./change";
import "./progress.css";

const Progress = graphql(`
  query Progress($cohort: ID!) {
    cohort(id: $cohort) {
      id
      version
      ratingsClosedOn
      visitDays {
        on
        held
        visits { id offer { site { name organisation { name } } } }
        going { id sectorAtEnrolment person { name } team { number } }
        attendance { id version present { id } absent { id } }
      }
      teams(first: 100) {
        nodes { id version number name challenge { id title } milestones { step reachedOn } outcomes { kind text on } }
      }
      budget { id version text pence basis }
      visitPlan {
        visits(first: 50) {
          nodes { id on offer { site { name organisation { name } } } insights(first: 50) { nodes { id version text author { name } challenges { id title } usedBy { id number name } } } }
        }
      }
    }
    viewer { grants { mutations } }
  }
`);

type Cohort = NonNullable<ProgressQuery["cohort"]>;
export type Team = NonNullable<Cohort["teams"]>["nodes"][number];
export type VisitDay = NonNullable<Cohort["visitDays"]>[number];
export type Line = NonNullable<Cohort["budget"]>[number];
export type Insight = NonNullable<NonNullable<Cohort["visitPlan"]>["visits"]["nodes"][number]["insights"]>["nodes"][number];

export const steps: readonly (readonly [TeamStep, string])[] = [["FRAMED", "framed"], ["EVIDENCE", "evidence"], ["PROTOTYPE", "prototype"], ["DRAFT_PITCH", "draft pitch"], ["TESTED", "tested"]];
export const outcomeWord = { PRIZE: "Prize", TAKEN_UP: "Taken up", STOPPED: "Stopped" } as const;

type Doing = { what: "step"; team: Team; step: TeamStep } | { what: "outcomes"; team: Team } | { what: "day"; day: VisitDay } | { what: "use"; insight: Insight } | { what: "line"; line: Line | null } | { what: "remove"; line: Line } | { what: "close" };

/** What came of it: steps of teams, who was there, insights put to use, costs. The sponsor's brief is computed from it. */
export function ProgressScreen() {
  const frame = useCohort();
  const found = useAsk(Progress, { cohort: frame.id });
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  return (
    <Answer of={found} what="the progress">
      {(d) => {
        const c = d.cohort;
        if (!c?.teams) return <EmptyState title="Progress is not shown to this role" />;
        const may = (m: string) => d.viewer.grants.some((g) => g.mutations.includes(m));
        const teams = c.teams.nodes;
        const reached = teams.reduce((n, t) => n + (t.milestones?.filter((m) => m.reachedOn).length ?? 0), 0);
        const insights = (c.visitPlan?.visits.nodes ?? []).flatMap((v) => (v.insights?.nodes ?? []).map((i) => ({ ...i, visit: v })));
        const used = insights.filter((i) => i.usedBy.length > 0).length;
        const days = c.visitDays ?? [];
        const open = days.filter((x) => x.held && !x.attendance).length;
        return (
          <>
            <Bar
              title={open > 0 ? `${capital(count(open, "visit day"))} ${open === 1 ? "waits" : "wait"} for who was there` : "What came of it so far"}
              figures={[
                { value: `${number(reached)} of ${number(teams.length * steps.length)}`, basis: "steps of teams" },
                { value: `${number(used)} of ${number(insights.length)}`, basis: "insights used" },
                ...(c.visitDays ? [{ value: `${number(days.filter((x) => x.held).length)} of ${number(days.length)}`, basis: "visit days", signal: open > 0 }] : []),
              ]}
            >
              <Link className="btn" to={`/c/${frame.id}/brief`}>Brief for the sponsor…</Link>
            </Bar>
            <div className="pro">
              <section aria-labelledby="pro-teams">
                <h2 id="pro-teams">Steps of teams</h2>
                {teams.length === 0 ? <p className="mid">No team yet: they come with the people.</p> : (
                  <div className="pro-w">
                    <table className="pro-t">
                      <thead><tr><th scope="col">Team</th>{steps.map(([s, name]) => <th key={s} scope="col">{capital(name)}</th>)}<th scope="col">What came of it</th></tr></thead>
                      <tbody>
                        {teams.map((t) => (
                          <tr key={t.id}>
                            <th scope="row"><b>{t.number}</b> {t.name}<span className="cap">{t.challenge?.title ?? "no challenge yet"}</span></th>
                            {steps.map(([s, name]) => {
                              const on = t.milestones?.find((m) => m.step === s)?.reachedOn;
                              return <td key={s}>{may("recordMilestone") ? <Button kind="bare" size="sm" aria-label={`Team ${t.number}, ${name}: ${on ? day(on) : "not yet"}`} onPress={() => setDoing({ what: "step", team: t, step: s })}>{on ? <><Tick /> {short(on)}</> : "not yet"}</Button> : on ? short(on) : <span className="dim">not yet</span>}</td>;
                            })}
                            <td>{t.outcomes?.map((o, i) => <span key={i} className="pro-o">{outcomeWord[o.kind]}, {short(o.on)}: {o.text}</span>)}{may("recordOutcomes") && <Button kind="bare" size="sm" aria-label={`What came of team ${t.number}’s work`} onPress={() => setDoing({ what: "outcomes", team: t })}>{t.outcomes?.length ? "Change…" : "Record…"}</Button>}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                )}
              </section>
              {c.visitDays && (
                <section aria-labelledby="pro-days">
                  <h2 id="pro-days">Who was there</h2>
                  {days.length === 0 ? <p className="mid">No plan of visits is released yet.</p> : (
                    <ul className="pro-l">
                      {days.map((x) => (
                        <li key={x.on}>
                          <b>{day(x.on)}</b>
                          <span>{list([...new Set(x.visits.map((v) => hostName(v.offer.site)))])}</span>
                          <span className={x.held && !x.attendance ? "sig" : "mid"}>{x.attendance ? `${number(x.attendance.present.length)} of ${number(x.going.length)} were there` : x.held ? "not recorded" : `${count(x.going.length, "person goes", "people go")}`}</span>
                          {x.held && <Button size="sm" aria-label={`Who was there on ${day(x.on)}`} onPress={() => setDoing({ what: "day", day: x })}>{x.attendance ? "Change…" : "Record…"}</Button>}
                        </li>
                      ))}
                    </ul>
                  )}
                  <p className="cap">Kept for you alone; a brief tells counts, never who.</p>
                </section>
              )}
              <section aria-labelledby="pro-insights">
                <h2 id="pro-insights">What visits taught</h2>
                {insights.length === 0 ? <p className="mid">Nothing yet. People write insights down from their day pack.</p> : (
                  <ul className="pro-l pro-i">
                    {insights.map((i) => (
                      <li key={i.id}>
                        <span><b>{i.text}</b><span className="cap">{i.author.name}, {hostName(i.visit.offer.site)}, {short(i.visit.on)}{i.challenges.length > 0 && ` · ${list(i.challenges.map((x) => x.title))}`}</span></span>
                        <span className={i.usedBy.length ? undefined : "mid"}>{i.usedBy.length ? `Used by team ${list(i.usedBy.map((t) => String(t.number)))}` : "Not used"}</span>
                        {may("useInsight") && <Button size="sm" aria-label={`Which teams build on: ${i.text}`} onPress={() => setDoing({ what: "use", insight: i })}>Teams…</Button>}
                      </li>
                    ))}
                  </ul>
                )}
              </section>
              {c.budget && (
                <section aria-labelledby="pro-costs">
                  <header><h2 id="pro-costs">What is contracted</h2><Button size="sm" onPress={() => setDoing({ what: "line", line: null })}>Add a line…</Button></header>
                  {c.budget.length === 0 ? <p className="mid">Nothing yet. Travel is counted from the plan by itself.</p> : (
                    <table className="pro-t">
                      <thead><tr><th scope="col">For</th><th scope="col" className="r">Cost</th><th scope="col">From</th><th><span className="vh">Change</span></th></tr></thead>
                      <tbody>
                        {c.budget.map((l) => (
                          <tr key={l.id}>
                            <th scope="row">{l.text}</th>
                            <td className="r">{money(l.pence)}</td>
                            <td>{l.basis}</td>
                            <td className="pro-b"><Button kind="bare" size="sm" aria-label={`Change ${l.text}`} onPress={() => setDoing({ what: "line", line: l })}>Change…</Button> <Button kind="bare" size="sm" aria-label={`Take ${l.text} away`} onPress={() => setDoing({ what: "remove", line: l })}>Take away…</Button></td>
                          </tr>
                        ))}
                        <tr><th scope="row">All</th><td className="r"><b>{money(c.budget.reduce((n, l) => n + l.pence, 0))}</b></td><td /><td /></tr>
                      </tbody>
                    </table>
                  )}
                </section>
              )}
              {may("closeRatings") && (
                <section aria-labelledby="pro-skills">
                  <header><h2 id="pro-skills">Skills</h2>{!c.ratingsClosedOn && <Button size="sm" onPress={() => setDoing({ what: "close" })}>Close the ratings…</Button>}</header>
                  <p className="mid">{c.ratingsClosedOn ? `Ratings are closed since ${day(c.ratingsClosedOn)}; briefs tell them once, in ranges.` : "People rate their skills before, and at the end both now and looking back: each on their own panel among the people. Once all have, close the ratings, and briefs tell them in ranges."}</p>
                </section>
              )}
            </div>
            {doing?.what === "step" && <StepDialog team={doing.team} step={doing.step} onClose={close} />}
            {doing?.what === "outcomes" && <OutcomesDialog team={doing.team} onClose={close} />}
            {doing?.what === "day" && <AttendanceDialog day={doing.day} onClose={close} />}
            {doing?.what === "use" && <UseDialog insight={doing.insight} teams={teams} onClose={close} />}
            {doing?.what === "line" && <BudgetDialog line={doing.line} onClose={close} />}
            {doing?.what === "remove" && <RemoveLine line={doing.line} onClose={close} />}
            {doing?.what === "close" && <CloseRatings version={c.version} onClose={close} />}
          </>
        );
      }}
    </Answer>
  );
}
