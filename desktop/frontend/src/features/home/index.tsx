import { useRef, useState, Fragment } from "react";
import { Link } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { HomeQuery } from "@/gql/graphql";
import { useCohort, type CohortFrame } from "@/lib/cohort";
import { addDays, capital, count, dateOf, day, daysBetween, hostName, isoOf, length, list, longWeekday, percent, short, time, times, words } from "@/lib/format";
import { useFindings, useKeys } from "@/lib/keys";
import { useAsk } from "@/lib/server";
import { Button } from "@/ui/controls";
import { Bound, PairCount, Tally } from "@/ui/marks";
import { CoastMap } from "@/ui/map";
import { Ruler, rulerDays } from "@/ui/ruler";
import { useSize } from "@/ui/size";
import { Answer } from "@/ui/state";
import { DeadlineDialog, actionOf } from "./deadline";
import { Route } from "./route";
import "./home.css";

const Home = graphql(`
  query Home($cohort: ID!) {
    cohort(id: $cohort) {
      id
      balance {
        taken { public private }
        seats { public private }
        waiting { public private }
        explain { text levelSince left { public private } refilled { public private } }
      }
      deadlines(first: 50) {
        totalCount
        nodes {
          kind
          dueOn
          state
          workingDaysLeft
          ready
          of
          missing { id person { name email } }
          about {
            ... on Visit {
              id
              version
              on
              offer { site { name organisation { name } } }
              manifest { id version state people fields csv }
            }
          }
          explain { text days { on counts holidays { name } } }
        }
      }
      visitPlan {
        id
        number
        releasedAt
        provedLevels
        bound { firstUnproved gapPercent }
        visits(first: 100) {
          nodes {
            id
            on
            startsAt
            endsAt
            state
            offer { site { name organisation { name } station { name nation latitude longitude } } themes { name } }
            group { name sectors { public private } }
            travel { mostMinutes }
          }
        }
      }
      drafts: visitPlans(states: [DRAFT, PLANNING], first: 1) {
        nodes {
          id
          number
          state
          provedLevels
          bound { firstUnproved gapPercent }
          broken { rule }
          visits(first: 100) {
            nodes {
              id
              on
              startsAt
              endsAt
              state
              offer { site { name organisation { name } station { name nation latitude longitude } } themes { name } }
              group { name sectors { public private } }
              travel { mostMinutes }
              deadlines { kind dueOn state workingDaysLeft explain { text } }
            }
          }
        }
      }
      people: enrolments(first: 1) { totalCount }
    }
  }
`);

const Ways = graphql(`
  query NextVisitWays($visit: ID!) {
    visit(id: $visit) {
      id
      startsAt
      offer { site { station { name latitude longitude } } }
      legs(first: 100) { nodes { back minutes homeStation { name latitude longitude } } }
    }
  }
`);

type HomeCohort = NonNullable<HomeQuery["cohort"]>;
export type HomeDeadline = NonNullable<HomeCohort["deadlines"]>["nodes"][number];
export type HomeVisit = NonNullable<HomeCohort["visitPlan"]>["visits"]["nodes"][number];

/** Monday to Sunday around a day. */
const weekEnd = (today: string): string => addDays(today, (7 - dateOf(today).getUTCDay()) % 7);
/** The Friday that ends a day's working week, the next one on a weekend. */
const friday = (today: string): string => addDays(today, (12 - dateOf(today).getUTCDay()) % 7);

/** What must be done by when, in groups that a person plans by. */
export function grouped<D extends { dueOn: string; state: string }>(deadlines: readonly D[], today: string): { name: string; items: D[] }[] {
  const end = weekEnd(today);
  const groups: { name: string; items: D[]; has: (d: D) => boolean }[] = [
    { name: "Late", items: [], has: (d) => d.state === "LATE" },
    { name: `Today, ${longWeekday(today)}`, items: [], has: (d) => d.dueOn === today },
    { name: "This week", items: [], has: (d) => d.dueOn <= end },
    { name: "Next week", items: [], has: (d) => d.dueOn <= addDays(end, 7) },
    { name: "Later", items: [], has: () => true },
  ];
  for (const d of deadlines) groups.find((g) => g.has(d))!.items.push(d);
  for (const g of groups) g.items.sort((a, b) => a.dueOn.localeCompare(b.dueOn));
  return groups.filter((g) => g.items.length > 0);
}

/** The state of the programme in one sentence. */
export function sentence(deadlines: readonly { dueOn: string; state: string }[], p: Pick<CohortFrame["programme"], "today" | "startsOn" | "endsOn" | "weeks">, draft?: number): string {
  const week = p.weeks.find((w) => w.startsOn <= p.today && p.today <= w.endsOn);
  const head = p.today < p.startsOn ? "Before week 1" : week ? `Week ${week.number}` : "After the last week";
  const late = deadlines.filter((d) => d.state === "LATE").length;
  const by = friday(p.today);
  const due = deadlines.filter((d) => d.state === "DUE" && d.dueOn <= by).length;
  const next = deadlines.filter((d) => d.state === "DUE" && d.dueOn > by).map((d) => d.dueOn).sort()[0];
  const lateText = late === 0 ? "" : late === 1 ? "one thing is late" : `${words(late)} things are late`;
  const dueText = due === 0 ? "" : late ? `${words(due)} ${due === 1 ? "is" : "are"} due by Friday` : due === 1 ? "one thing is due by Friday" : `${words(due)} things are due by Friday`;
  const rest = [lateText, dueText].filter(Boolean).join(", ");
  if (rest) return `${head}: ${rest}`;
  if (draft) return `${head}: draft ${draft} waits to be released`;
  return `${head}: nothing is due this week${next ? `, the next is ${day(next)}` : ""}`;
}

const away = (n: number, state: string): string =>
  state === "LATE" ? `${count(Math.abs(n), "working day")} late` : n <= 0 ? "today is the last day" : `in ${count(n, "working day")}`;

export function HomeScreen() {
  const frame = useCohort();
  const home = useAsk(Home, { cohort: frame.id });
  return <Answer of={home} what="what must happen">{(d) => d.cohort && <HomeBody cohort={d.cohort} frame={frame} at={home.dataUpdatedAt} />}</Answer>;
}

function HomeBody({ cohort, frame }: { cohort: HomeCohort; frame: CohortFrame; at: number }) {
  const p = frame.programme;
  const deadlines = cohort.deadlines?.nodes ?? [];
  const plan = cohort.visitPlan;
  const visits = plan?.visits.nodes ?? [];
  const draft = plan ? null : (cohort.drafts?.nodes[0] ?? null);
  const [doing, setDoing] = useState<HomeDeadline | null>(null);
  useFindings(deadlines.map((d) => ({ title: `${actionOf(d).title}, ${day(d.dueOn)}`, hint: "To do", act: () => setDoing(d) })));
  return (
    <>
      <div className="line">
        <h1>{draft ? sentence(deadlines, p, draft.number) : sentence(deadlines, p)}</h1>
        <Route frame={frame} visits={draft ? draft.visits.nodes : visits} draft={!!draft} />
      </div>
      <div className="hgrid">
        <Must deadlines={deadlines} today={p.today} cohort={cohort} frame={frame} onDo={setDoing} />
        <aside className="side" aria-label="Balance, next visit, plan">
          <BalanceSection balance={cohort.balance} />
          <NextVisit visits={visits} frame={frame} />
          <PlanSection cohort={cohort} frame={frame} visits={visits} />
        </aside>
      </div>
      {doing && <DeadlineDialog deadline={doing} onClose={() => setDoing(null)} />}
    </>
  );
}

function Must({ deadlines, today, cohort, frame, onDo }: { deadlines: HomeDeadline[]; today: string; cohort: HomeCohort; frame: CohortFrame; onDo: (d: HomeDeadline) => void }) {
  const [explained, setExplained] = useState<string | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const keyOf = (d: HomeDeadline) => `${d.kind}${"id" in d.about ? d.about.id : ""}`;
  const groups = grouped(deadlines, today);
  const rows = groups.flatMap((g) => g.items);
  const step = (by: number) => {
    const buttons = [...(table.current?.querySelectorAll<HTMLButtonElement>("td.a button") ?? [])];
    if (buttons.length === 0) return false;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at < 0 ? 0 : at + by))]?.focus();
    return undefined;
  };
  const current = (): HomeDeadline | undefined => {
    const buttons = [...(table.current?.querySelectorAll<HTMLButtonElement>("td.a button") ?? [])];
    return rows[Math.max(0, buttons.indexOf(document.activeElement as HTMLButtonElement))];
  };
  useKeys([
    { press: "ArrowDown", says: "Next thing to do; Enter does it", act: () => step(1) },
    { press: "ArrowUp", says: "Thing before", act: () => step(-1) },
    { press: "e", says: "Explain the date", act: () => { const d = current(); if (d) setExplained(explained === keyOf(d) ? null : keyOf(d)); } },
  ], rows.length > 0);

  if (rows.length === 0) {
    const people = cohort.people?.totalCount ?? 0;
    return (
      <section className="must" data-panel aria-label="What must happen">
        <h2>What must happen</h2>
        {people === 0 ? (
          <div className="start-here">
            <p>Nothing yet. Bring the people of the cohort and the offers of its hosts as two spreadsheets, and plan the visits: every deadline follows from the plan.</p>
            <p className="acts"><Link className="btn go" to={`/c/${frame.id}/import`}>Load people and offers</Link></p>
          </div>
        ) : cohort.visitPlan ? (
          <div className="start-here"><p>Nothing is late and nothing is due. Deadlines of later visits appear here by themselves.</p></div>
        ) : cohort.drafts?.nodes[0] && cohort.drafts.nodes[0].visits.nodes.length > 0 ? (
          <Ahead draft={cohort.drafts.nodes[0]} frame={frame} />
        ) : (
          <div className="start-here">
            <p>{count(people, "person is", "people are")} in. Deadlines begin with a released plan: names, identity details and diets, each so many working days before its visit.</p>
            <p className="acts"><Link className="btn go" to={`/c/${frame.id}/visits`}>{cohort.drafts?.nodes[0] ? `Open draft ${cohort.drafts.nodes[0].number}` : "Plan the visits"}</Link></p>
          </div>
        )}
      </section>
    );
  }
  return (
    <section className="must" data-panel aria-label="What must happen">
      <h2>What must happen <span>ordered by the real deadline: working days on the host’s calendar and the office’s</span></h2>
      <table ref={table}>
        <colgroup><col className="c-due" /><col /><col className="c-rdy" /><col className="c-act" /></colgroup>
        <thead className="vh"><tr><th>Due</th><th>What and why</th><th>Ready</th><th>Do it</th></tr></thead>
        <tbody>
          {groups.map((g) => (
            <Fragment key={g.name}>
              <tr className="grp"><th colSpan={4} scope="rowgroup">{g.name}</th></tr>
              {g.items.map((d) => {
                const action = actionOf(d);
                const key = keyOf(d);
                const open = explained === key;
                return (
                  <Fragment key={key}>
                    <tr className={d.state === "LATE" ? "late" : undefined}>
                      <td className="d"><button className="exp" aria-expanded={open} aria-label={`${day(d.dueOn)}, ${away(d.workingDaysLeft, d.state)}: explain the date`} onClick={() => setExplained(open ? null : key)}><b>{day(d.dueOn)}</b><span>{away(d.workingDaysLeft, d.state)}</span></button></td>
                      <td className="w"><b>{action.title}</b><span>{d.explain.text}</span></td>
                      <td className="p"><b>{d.kind === "PURGE" ? count(d.of, "person", "people") : `${d.ready} of ${d.of}`}</b>{readyWord(d)}</td>
                      <td className="a"><Button size="sm" onPress={() => onDo(d)}>{action.verb}</Button></td>
                    </tr>
                    {open && (
                      <tr className="why"><td /><td colSpan={3}>
                        <Ruler days={rulerDays(d.explain.days)} label={`${d.explain.text} Due ${day(d.dueOn)}.`} marks={rulerMarks(d)} />
                        <p className="cap">Boxes count, hatched boxes are bank holidays, gaps are weekends.</p>
                      </td></tr>
                    )}
                  </Fragment>
                );
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Draft = NonNullable<HomeCohort["drafts"]>["nodes"][number];
const aheadWord = { IDENTITY: "Identity details reach", NAMES: "Names reach", NEEDS: "Diet and access needs reach", CONFIRM: "The number is confirmed with", PURGE: "The list is purged after" } as const;

/** What a draft will ask for once it is released, the first dates first. */
function Ahead({ draft, frame }: { draft: Draft; frame: CohortFrame }) {
  const all = draft.visits.nodes.flatMap((v) => (v.deadlines ?? []).filter((d) => d.kind !== "PURGE").map((d) => ({ ...d, visit: v }))).sort((a, b) => a.dueOn.localeCompare(b.dueOn));
  const late = all.filter((d) => d.dueOn < frame.programme.today);
  return (
    <>
      <div className="start-here">
        <p>Draft {draft.number} has {count(draft.visits.nodes.length, "visit")} on {count(new Set(draft.visits.nodes.map((v) => v.on)).size, "day")}; nobody is told and no calendar knows until it is released.{late.length > 0 && <span className="sig"> {count(late.length, "date", "dates")} would be late at once.</span>}</p>
        <p className="acts"><Link className="btn go" to={`/c/${frame.id}/visits`}>Open draft {draft.number}</Link></p>
      </div>
      <table className="ahead">
        <caption>Then, first</caption>
        <colgroup><col className="c-due" /><col /></colgroup>
        <thead className="vh"><tr><th>Due</th><th>What and why</th></tr></thead>
        <tbody>
          {all.slice(0, 6).map((d, i) => (
            <tr key={i} className={d.dueOn < frame.programme.today ? "late" : undefined}>
              <td className="d"><b>{day(d.dueOn)}</b><span>{d.dueOn < frame.programme.today ? "past already" : away(d.workingDaysLeft, d.state)}</span></td>
              <td className="w"><b>{aheadWord[d.kind as keyof typeof aheadWord]} {hostName(d.visit.offer.site)}</b><span>{d.explain.text}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const rulerMarks = (d: HomeDeadline) => [
  { on: d.dueOn, name: { IDENTITY: "ID", NAMES: "Names", NEEDS: "Needs", CONFIRM: "Confirm", PURGE: "Purge" }[d.kind] },
  ...("on" in d.about ? [{ on: d.about.on, name: "Visit" }] : []),
];

function readyWord(d: HomeDeadline): string {
  if (d.kind === "PURGE") return "names and needs on the list";
  if (d.missing.length === 0) return d.kind === "CONFIRM" ? "go" : d.ready === d.of ? "ready to send" : "ready";
  const names = d.missing.map((m) => m.person.name);
  return names.length <= 2 ? `${list(names)} missing` : `${names[0]}, ${names[1]} and ${names.length - 2} more missing`;
}

function BalanceSection({ balance }: { balance: HomeCohort["balance"] }) {
  const [ref, width] = useSize(355);
  if (!balance) return null;
  const { taken, seats, waiting, explain } = balance;
  const most = Math.max(seats.public, taken.public) + Math.max(seats.private, taken.private);
  // Beyond 80 seats a mark stands for several people, and says so.
  const each = Math.max(1, Math.ceil(most / 60));
  const shrink = (n: number) => Math.round(n / each);
  const pitch = (width - 7) / (Math.max(shrink(seats.public), shrink(taken.public)) + Math.max(shrink(seats.private), shrink(taken.private)));
  const size = Math.max(5, Math.min(9, pitch - 2));
  return (
    <section>
      <h2>Balance</h2>
      <div className="ends"><span className="big">{taken.public.toLocaleString("en-GB")} <span className="t3">public</span></span><span className="big"><span className="t3">private</span> {taken.private.toLocaleString("en-GB")}</span></div>
      <div ref={ref}>
        {most > 0 && <Tally public={shrink(taken.public)} private={shrink(taken.private)} of={{ public: shrink(seats.public), private: shrink(seats.private) }} size={size} pitch={pitch} />}
      </div>
      {each > 1 && <p className="cap">A mark is {each} people.</p>}
      <p className="mid bal">
        {explain.levelSince ? `Level at every change since ${short(explain.levelSince)}. ` : taken.public === taken.private ? "" : `${capital(words(Math.abs(taken.public - taken.private)))} more ${taken.public > taken.private ? "public" : "private"} than ${taken.public > taken.private ? "private" : "public"}. `}
        {explain.text}
        {waiting.public + waiting.private > 0 && <> Waiting: <PairCount {...waiting} /></>}
      </p>
    </section>
  );
}

const nearWord = (on: string, today: string): string => {
  const n = daysBetween(today, on);
  return n === 0 ? "today" : n === 1 ? "tomorrow" : day(on);
};

function NextVisit({ visits, frame }: { visits: HomeVisit[]; frame: CohortFrame }) {
  const { today, timeZone } = frame.programme;
  const coming = visits.filter((v) => v.on >= today && v.state !== "CANCELLED").sort((a, b) => a.startsAt.localeCompare(b.startsAt));
  const on = coming[0]?.on;
  const those = coming.filter((v) => v.on === on);
  if (!on) return null;
  return (
    <section>
      <h2>Next visit: {nearWord(on, today)}</h2>
      <div className="nexts">{those.map((v) => <NextOne key={v.id} visit={v} zone={timeZone} letter={those.length > 1} />)}</div>
    </section>
  );
}

function NextOne({ visit: v, zone, letter }: { visit: HomeVisit; zone: string; letter: boolean }) {
  const ways = useAsk(Ways, { visit: v.id });
  const legs = ways.data?.visit?.legs?.nodes.filter((l) => !l.back) ?? [];
  const earliest = legs.reduce<(typeof legs)[number] | null>((a, b) => (!a || b.minutes > a.minutes ? b : a), null);
  const { station } = v.offer.site;
  return (
    <div className="next">
      <div>
        <p className="next-n">{hostName(v.offer.site)}{letter && <span className="mid">, group {v.group.name}</span>}</p>
        <p className="mid">{times(v.startsAt, v.endsAt, zone)} · {station.name}</p>
        <p className="mid">{v.offer.themes.map((t) => t.name).join(", ")}</p>
        <dl className="kv">
          {v.group.sectors && (<><dt>Going</dt><dd><PairCount {...v.group.sectors} /></dd></>)}
          {earliest && (<><dt>First leaves</dt><dd>{time(new Date(Date.parse(v.startsAt) - earliest.minutes * 60_000).toISOString(), zone)}, {earliest.homeStation.name}</dd></>)}
          <dt>Longest way</dt><dd>{length(v.travel.mostMinutes)}</dd>
        </dl>
      </div>
      <CoastMap width={116} height={150} label={`Journeys to ${station.name}, the longest ${length(v.travel.mostMinutes)}`} sites={[{ latitude: station.latitude, longitude: station.longitude }]} ways={legs.map((l) => ({ from: l.homeStation, to: station }))} />
    </div>
  );
}

function PlanSection({ cohort, frame, visits }: { cohort: HomeCohort; frame: CohortFrame; visits: HomeVisit[] }) {
  const plan = cohort.visitPlan;
  const draft = cohort.drafts?.nodes[0];
  if (!plan) {
    return (
      <section>
        <h2>Plan: none in force</h2>
        {draft?.bound && <p><Bound gap={draft.bound.firstUnproved ? (draft.bound.gapPercent ?? 0) : null} /></p>}
        <p className="mid">{draft ? `Draft ${draft.number} is open${draft.bound ? (draft.bound.firstUnproved ? `, within ${percent(draft.bound.gapPercent ?? 0)} of the best possible` : ", proved best") : ""}. ${draft.broken.length === 0 ? "It breaks no rule." : `It breaks ${count(draft.broken.length, "rule")}.`}` : "Offers become visits when a plan is made and released."}</p>
        <p className="more"><Link to={`/c/${frame.id}/visits`}>{draft ? `Open draft ${draft.number}` : "Open the planner"}</Link></p>
      </section>
    );
  }
  const risk = visits.filter((v) => v.state === "AT_RISK").length;
  const gap = plan.bound ? (plan.bound.firstUnproved ? (plan.bound.gapPercent ?? 0) : null) : undefined;
  const released = plan.releasedAt ? `Released ${day(isoOf(new Date(plan.releasedAt)))}` : "Released";
  return (
    <section>
      <h2>Plan: version {plan.number}</h2>
      <p><Bound gap={gap} /></p>
      <p className="mid">
        {released}, {gap === undefined ? "no bound known" : gap === null ? "proved best" : `within ${percent(gap)} of the best possible`}.{" "}
        {risk === 0 ? "No visit at risk." : <span className="sig">{count(risk, "visit is", "visits are")} at risk.</span>}
        {draft && draft.number > plan.number && ` Draft ${draft.number} is open.`}
      </p>
      <p className="more"><Link to={`/c/${frame.id}/visits`}>Open the plan</Link></p>
    </section>
  );
}
