import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { CompareQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { capital, count, dateIn, day, list, mass, number, percent, signed, time } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button, Choice } from "@/ui/controls";
import { PairCount, Tally } from "@/ui/marks";
import { EmptyState, Loading, TroubleNote } from "@/ui/state";
import { hostOf, weekOf } from "./board";
import { DotPlot } from "./charts";
import { useBoard, usePlans } from "./data";
import { Compare } from "./documents";
import { planName } from "./panels";
import { CopyButton, messagesText, peopleTold, ReleaseDialog, TellList, toldOf, useTicks } from "./release";
import { printAlone } from "./save";

type Diff = NonNullable<NonNullable<CompareQuery["visitPlan"]>["diffTo"]>;
type Change = Diff["changes"][number];

const capName = (p: Parameters<typeof planName>[0]) => capital(planName(p));

/** A draft beside a version: what differs, whom it touches, who must be told. */
export function CompareScreen() {
  const { cohort } = useParams({ strict: false }) as { cohort: string };
  const search = useSearch({ strict: false }) as { plan?: string; with?: string };
  const go = useNavigate();
  const plans = usePlans(cohort);
  const heads = (plans.data?.cohort?.visitPlans?.nodes ?? []).filter((p) => p.state !== "PLANNING");
  const after = heads.find((p) => p.id === search.plan) ?? heads[0];
  const before = heads.find((p) => p.id === search.with) ?? heads.find((p) => p.id !== after?.id && p.state === "RELEASED") ?? heads.find((p) => p.id !== after?.id);
  const back = () => void go({ to: `/c/${cohort}/visits`, search: after ? { plan: after.id } : {} } as never);
  useKeys([{ press: "Escape", says: "Back to the board", act: back }]);
  const found = useAsk(Compare, { draft: after?.id ?? "", version: before?.id ?? "" }, { when: !!after && !!before, fresh: true });
  const [releasing, setReleasing] = useState(false);
  const board = useBoard(after?.id ?? null);
  const diff = found.data?.visitPlan?.diffTo;
  const [ticked, tick] = useTicks(diff ? toldOf(diff.impact).told.length : 0);
  const sheet = useRef<HTMLDivElement>(null);

  if (plans.error) return <div className="pad"><TroubleNote trouble={plans.error} /></div>;
  if (!plans.data) return <Loading what="the plans" />;
  if (!after || !before) {
    return <EmptyState title="There is nothing to compare yet" action={<Button onPress={back}>Back to the board</Button>}><p>Two plans are needed: plan again, or make a draft of the version in force, and they can be laid side by side here.</p></EmptyState>;
  }
  const choose = (which: "plan" | "with") => (id: string) => void go({ to: `/c/${cohort}/visits/compare`, search: { plan: after.id, with: before.id, [which]: id }, replace: true } as never);
  const late = diff ? diff.impact.filter((i) => i.effect === "LATE").reduce((n, i) => n + i.count, 0) : 0;
  const told = diff ? peopleTold(diff.impact) : 0;
  const same = diff ? sameDays(diff) : 0;
  return (
    <div className="planner pl-compare">
      <Bar
        title={`${capName(after)} against ${planName(before)}`}
        figures={diff ? [
          { value: count(diff.changes.length, "change"), basis: `${count(same, "visit day")} as ${same === 1 ? "it was" : "they were"}` },
          { value: count(told, "person", "people"), basis: "must be told something" },
          { value: count(late, "deadline"), basis: "newly missed", signal: late > 0 },
        ] : []}
      >
        <Button kind="bare" onPress={back}>Back to the board</Button>
        {after.state === "DRAFT" && <Button kind="go" onPress={() => setReleasing(true)}>Release as version {after.number}</Button>}
      </Bar>
      <div className="pl-cbody">
        <div className="pl-cmain" ref={sheet}>
          <div className="pl-diff pl-dh">
            <div className="cap">Week</div>
            <div><Choice<string> bare label="Compare with" size="sm" width="15em" value={before.id} onChange={choose("with")} items={heads.filter((p) => p.id !== after.id).map((p) => ({ id: p.id, name: `${capName(p)}, ${p.releasedAt ? "released" : "saved"} ${day(p.releasedAt ?? p.updatedAt)}` }))} /></div>
            <div><Choice<string> bare label="This plan" size="sm" width="15em" value={after.id} onChange={choose("plan")} items={heads.filter((p) => p.id !== before.id).map((p) => ({ id: p.id, name: `${capName(p)}, ${p.releasedAt ? "released" : "saved"} ${day(p.releasedAt ?? p.updatedAt)}` }))} /></div>
            <div className="cap">Who it touches</div>
          </div>
          {found.error && <div className="pad"><TroubleNote trouble={found.error} /></div>}
          {!diff && !found.error && <Loading what="the difference" />}
          {diff && <Differences diff={diff} />}
          {diff && <Totals diff={diff} />}
        </div>
        <aside className="pl-insp" aria-label="Who must be told" data-panel="">
          <div className="pl-scroll">
            <section className="pl-part">
              <h2>Who must be told</h2>
              <p className="mid">{diff && toldOf(diff.impact).told.length > 0 ? "Drafts are ready. Nothing is sent by Tandem." : ""}</p>
            </section>
            {diff && <section className="pl-part grow"><TellList impact={diff.impact} ticked={ticked} onTick={tick} /></section>}
          </div>
          {diff && (
            <div className="pl-foot">
              <Button onPress={() => printAlone(sheet.current)}>Print the list</Button>
              <CopyButton text={() => messagesText(diff.impact, ticked)}>Copy as text</CopyButton>
            </div>
          )}
        </aside>
      </div>
      {releasing && board.data?.visitPlan && (
        <ReleaseDialog board={board.data.visitPlan} onClose={() => setReleasing(false)} onReleased={() => undefined} onStale={() => { setReleasing(false); void board.refetch(); }} />
      )}
    </div>
  );
}

/** Visit days that are the same in both plans. */
function sameDays(diff: Diff): number {
  const touched = new Set(diff.changes.flatMap((c) => [c.before, c.after].flatMap((s) => (s ? [s.startsAt.slice(0, 10)] : []))));
  return [...new Set(diff.after.visits.nodes.map((v) => v.on))].filter((d) => !touched.has(d)).length;
}

function Differences({ diff }: { diff: Diff }) {
  const { programme } = useCohort();
  const zone = programme.timeZone;
  const dayOf = (c: Change) => dateIn((c.after ?? c.before)!.startsAt, zone);
  const byDay = new Map<string, Change[]>();
  for (const c of diff.changes) byDay.set(dayOf(c), [...(byDay.get(dayOf(c)) ?? []), c]);
  const touched = new Set(diff.changes.flatMap((c) => [c.before, c.after].flatMap((s) => (s ? [dateIn(s.startsAt, zone)] : []))));
  const quiet = new Map<string, string[]>();
  for (const v of diff.after.visits.nodes) if (!touched.has(v.on)) quiet.set(v.on, [...(quiet.get(v.on) ?? []), hostOf(v.offer.site)]);
  const days = [...new Set([...byDay.keys(), ...quiet.keys()])].sort();
  const weekWord = (d: string) => { const w = weekOf(programme.weeks, d); return w ? `Week ${w.number}` : "Outside"; };
  if (diff.changes.length === 0) return <p className="pad mid">The two plans are the same.</p>;
  return (
    <>
      {days.map((d) => {
        const changes = byDay.get(d);
        if (!changes) return <div key={d} className="pl-diff same"><div className="cap">{weekWord(d)}</div><div className="cap pl-rest">{list(quiet.get(d)!)}, {day(d)}: no change</div></div>;
        return linesOf(changes).map((line, i) => <ChangeRow key={`${d} ${i}`} line={line} on={d} week={i === 0 ? weekWord(d) : ""} zone={zone} />);
      })}
    </>
  );
}

/** One line of the comparison: a host for another on the same day, people between the day's groups, or one change alone. */
type Line = { was: Change | null; now: Change | null } | { regrouped: Change[] };

/** The changes of a day as lines that belong together. */
export function linesOf(changes: readonly Change[]): Line[] {
  const gone = changes.filter((c) => c.kind === "REMOVED");
  const come = changes.filter((c) => c.kind === "ADDED");
  const regrouped = changes.filter((c) => c.kind === "REGROUPED");
  const lines: Line[] = changes.filter((c) => c.kind === "MOVED").map((c) => ({ was: c, now: c }));
  for (let i = 0; i < Math.max(gone.length, come.length); i++) lines.push({ was: gone[i] ?? null, now: come[i] ?? null });
  if (regrouped.length) lines.push({ regrouped });
  return lines;
}

export function ChangeRow({ line, on, week, zone }: { line: Line; on: string; week: string; zone: string }) {
  const size = (s: Change["before"]) => (s?.sectors ? s.sectors.public + s.sectors.private : null);
  const sites = (c: Change) => `${c.offer.site.station.name} · ${c.offer.themes.map((t) => t.name).join(", ")}`;
  const slot = (s: NonNullable<Change["before"]>) => `${day(dateIn(s.startsAt, zone))}, ${time(s.startsAt, zone)}, group ${s.group}`;
  const all = "regrouped" in line ? line.regrouped : [line.now ?? line.was!];
  const people = [...new Map(all.flatMap((c) => c.people ?? []).map((p) => [p.id, p])).values()];
  const pair = { public: people.filter((p) => p.sectorAtEnrolment === "PUBLIC").length, private: people.filter((p) => p.sectorAtEnrolment === "PRIVATE").length };
  const sizes = (which: "before" | "after") => all.map((c) => `${hostOf(c.offer.site)} ${size(c[which]) ?? ""}`.trim()).join(", ");
  const swap = !("regrouped" in line) && line.was && line.now && line.was !== line.now;
  return (
    <div className="pl-diff">
      <div>{week && <span className="cap">{week}</span>}<b className="pl-d">{day(on)}</b></div>
      {"regrouped" in line ? (
        <>
          <div className="pl-was"><h2 className="plain">Groups as they were</h2><p>{sizes("before")}</p></div>
          <div className="pl-now"><h2>{capital(count(people.length, "person", "people"))} {people.length === 1 ? "changes" : "change"} group</h2><p>{sizes("after")}</p></div>
        </>
      ) : (
        <>
          <div className="pl-was">{!line.was ? <p>not in this plan</p> : line.was === line.now ? <><h2>{slot(line.was.before!)}</h2><p>{hostOf(line.was.offer.site)}</p></> : <><h2>{hostOf(line.was.offer.site)}</h2><p>{sites(line.was)}</p></>}</div>
          <div className={line.now ? "pl-now" : undefined}>{!line.now ? <p className="dim">no visit</p> : line.was === line.now ? <><h2>{slot(line.now.after!)}</h2><p>{hostOf(line.now.offer.site)}</p></> : <><h2>{hostOf(line.now.offer.site)}</h2><p>{sites(line.now)}</p></>}</div>
        </>
      )}
      <div>
        {people.length > 0 && (people.length <= 22 ? <Tally {...pair} size={Math.min(5.6, 128 / people.length - 1.9)} pitch={Math.min(7.5, 128 / people.length)} /> : <PairCount {...pair} />)}
        <p>{people.length === 0 ? "nobody else" : people.length <= 8 ? people.map((p) => p.person.name).join(", ") : `${count(people.length, "person", "people")}${swap ? ", other host" : ""}`}</p>
      </div>
    </div>
  );
}

function Totals({ diff }: { diff: Diff }) {
  const { before: b, after: a } = diff;
  const hours = diff.people.map((p) => ({ hours: p.minutes / 60, sector: p.enrolment.sectorAtEnrolment }));
  const fewer = diff.people.filter((p) => p.visits < 0).length;
  const more = diff.people.filter((p) => p.visits > 0).length;
  const less = hours.filter((h) => h.hours < 0).length;
  const longer = hours.filter((h) => h.hours > 0).length;
  const row = (name: string, was: string, is: string, d: number, text: string) => (
    <tr key={name}><th scope="row">{name}</th><td>{was}</td><td>{is}</td><td className={d === 0 ? "dim" : undefined}>{d === 0 ? "same" : <b>{text}</b>}</td></tr>
  );
  const finding = `Hours travelled, change for each of ${hours.length} people: ${less} travel less, ${longer} more, ${hours.length - less - longer} as before.`;
  return (
    <section className="pl-tot">
      <table className="pl-cmp">
        <thead><tr><th>All visits</th><th className="r">{planName(b)}</th><th className="r">{planName(a)}</th><th className="r">change</th></tr></thead>
        <tbody>
          {row("Hours travelled, everyone", number(b.score.minutes / 60), number(a.score.minutes / 60), a.score.minutes - b.score.minutes, `${signed((a.score.minutes - b.score.minutes) / 60)} h`)}
          {row("CO2e, estimate", mass(b.score.gramsCo2e), mass(a.score.gramsCo2e), a.score.gramsCo2e - b.score.gramsCo2e, `${a.score.gramsCo2e > b.score.gramsCo2e ? "+" : "−"}${mass(Math.abs(a.score.gramsCo2e - b.score.gramsCo2e))}`)}
          {row("Team themes unseen", number(b.score.uncovered), number(a.score.uncovered), a.score.uncovered - b.score.uncovered, signed(a.score.uncovered - b.score.uncovered))}
          {row("Largest shortfall, visits", number(b.score.maxShortfall), number(a.score.maxShortfall), a.score.maxShortfall - b.score.maxShortfall, signed(a.score.maxShortfall - b.score.maxShortfall))}
          {row("Shortfalls, squared sum", number(b.score.squaredShortfall), number(a.score.squaredShortfall), a.score.squaredShortfall - b.score.squaredShortfall, signed(a.score.squaredShortfall - b.score.squaredShortfall))}
          {b.bound?.gapPercent != null && a.bound?.gapPercent != null && row("Within the best possible", percent(b.bound.gapPercent), percent(a.bound.gapPercent), a.bound.gapPercent - b.bound.gapPercent, signed(a.bound.gapPercent - b.bound.gapPercent, 1))}
          <tr><th scope="row">Places changed, people-days</th><td /><td>{number(diff.placesChanged)}</td><td /></tr>
          <tr><th scope="row">People with fewer visits, more visits</th><td /><td>{fewer}, {more}</td><td /></tr>
        </tbody>
      </table>
      <figure>
        <h2>Hours travelled, change for each of {hours.length}</h2>
        {hours.length > 0 && hours.some((h) => h.hours !== 0) ? <DotPlot people={hours} zero="as before" label={finding} /> : <p className="mid">Nobody travels longer or less.</p>}
        <figcaption className="cap">{finding}</figcaption>
      </figure>
    </section>
  );
}
