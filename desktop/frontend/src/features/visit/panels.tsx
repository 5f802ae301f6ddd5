import { useState, type PointerEvent, type ReactNode } from "react";
import type { DeadlineKind, Sector, WhyOfferQuery, WhyVisitQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { capital, clock, count, day, dayYear, initials, length, list, mass, momentIn, money, nationWord, number, percent, short, signed, times, words } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { Button, Field, Choice } from "@/ui/controls";
import { Cross, PairCount, SectorMark, Tick } from "@/ui/marks";
import { Ruler, rulerDays } from "@/ui/ruler";
import { Loading, TroubleNote } from "@/ui/state";
import { isWeekend } from "@/lib/format";
import { bounded, figures, provedAt } from "./figures";
import { boundWords, dayReason, hostOf, isThere, levelWord, otherOf, presence, slotDays, townOf, unusedOf, type Board, type Exposure, type Offer, type PlanHead, type Visit } from "./board";
import { Lock } from "./board-view";
import { DotPlot } from "./charts";
import { CostFacts, WhyMore } from "./costs";
import { WhyDay, WhyOffer, WhyThemes, WhyVisit } from "./documents";
import { JourneysDialog, modeWord, useLegs } from "./journeys";
import { briefly, clockAt, missWords, ruleAndFact, type Alternative, type Slot } from "./moving";

/* The inspector: what is looked at, why it is so, and what can be done about it. */

/** A part of the inspector, with its head and what stands to the right of it. */
export function Part({ title, aside, children, grow = false }: { title?: ReactNode; aside?: ReactNode; children: ReactNode; grow?: boolean }) {
  return (
    <section className={grow ? "pl-part grow" : "pl-part"}>
      {title && <h3>{title}{aside && <span>{aside}</span>}</h3>}
      {children}
    </section>
  );
}

const kindWord: Record<DeadlineKind, string> = { IDENTITY: "ID", NAMES: "Names", NEEDS: "Diet", CONFIRM: "Number", PURGE: "Purge" };
const kindLong: Record<DeadlineKind, string> = {
  IDENTITY: "Identity details to the host",
  NAMES: "Names to the host",
  NEEDS: "Diet and access to the host",
  CONFIRM: "Number confirmed",
  PURGE: "Manifest purged",
};

type Explained = NonNullable<WhyVisitQuery["visit"]>;
type Deadline = NonNullable<Explained["deadlines"]>[number];

function Deadlines({ visit, deadlines, released }: { visit: Visit; deadlines: readonly Deadline[]; released: boolean }) {
  const before = deadlines.filter((d) => d.dueOn <= visit.on);
  if (before.length === 0) return null;
  const longest = before.reduce((a, b) => (b.explain.days.length > a.explain.days.length ? b : a));
  const nations = list(longest.explain.nations.map((n) => nationWord[n]));
  const days = [...longest.explain.days].sort((a, b) => (a.on < b.on ? -1 : 1));
  const shown = days.length > 24 ? days.filter((d) => !isWeekend(d.on)) : days;
  const marks = [...before.map((d) => ({ on: d.dueOn, name: kindWord[d.kind] })), { on: visit.on, name: "Visit" }];
  const names = before.find((d) => d.kind === "NAMES") ?? longest;
  return (
    <Part title="Deadlines" aside={`working days in ${nations}`}>
      <Ruler days={rulerDays(shown).map((d) => (d.holiday ? { ...d, holiday: d.holiday.replace("Friday", "Fri").replace("Monday", "Mon").replace("bank holiday", "holiday") } : d))} marks={marks} label={`${marks.map((m) => `${m.name} ${day(m.on)}`).join(", ")}. ${list(days.flatMap((d) => d.holidays.map((h) => h.name)))}${days.some((d) => d.holidays.length) ? " do not count." : ""}`} />
      {(released || deadlines.some((d) => d.state === "LATE")) && <table className="pl-tab">
        <tbody>
          {deadlines.map((d) => (
            <tr key={d.kind}>
              <th scope="row">{kindLong[d.kind]}</th>
              <td className={d.state === "LATE" ? "r sig" : "r"}>
                {day(d.dueOn)}{d.state === "LATE" ? ", late" : d.state === "MET" ? ", done" : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>}
      <p className="cap">{names.explain.text}</p>
    </Part>
  );
}

/** What an alternative would cost the plan: the first level that gets worse. */
function costWords(a: Alternative, now: Board["score"]): ReactNode {
  if (!a.score) return <span className="dim">–</span>;
  const d = a.score.uncovered - now.uncovered;
  if (d > 0) return `${d} ${d === 1 ? "theme" : "themes"} unseen`;
  if (a.moreMiss) return missWords(a.moreMiss);
  const s = a.score.squaredShortfall - now.squaredShortfall;
  if (s > 0) return "less fair";
  const m = a.score.minutes - now.minutes;
  if (m !== 0) return `${signed(m)} min`;
  return "as good";
}

function Journey({ visit, board, people, explain }: { visit: Visit; board: Board; people: ReadonlyMap<string, Exposure>; explain: Explained["travel"]["explain"] | undefined }) {
  const legs = useLegs(visit.id);
  const [open, setOpen] = useState(false);
  const out = (legs.data ?? []).filter((l) => !l.back);
  const n = visit.group.members?.length ?? out.length;
  const limit = board.rules.oneWayMinutesMax;
  const t = visit.travel;
  const dots = out.map((l) => ({ hours: l.minutes / 60, sector: (people.get(l.enrolment.id)?.enrolment.sectorAtEnrolment ?? "PUBLIC") as Sector }));
  return (
    <Part title="Journey, one way" aside={`${length(t.leastMinutes)} to ${length(t.mostMinutes)}, middle ${length(t.middleMinutes)}`}>
      {dots.length > 0 && (
        <DotPlot people={dots} label={`Door to door, one way, ${n} people: shortest ${length(t.leastMinutes)}, middle ${length(t.middleMinutes)}, longest ${length(t.mostMinutes)}`} limit={{ hours: limit / 60, name: `limit ${length(limit)}` }} />
      )}
      <p className="cap">
        {n > 0 && `${mass(t.gramsCo2e / n)} CO2e a person, `}{mass(t.gramsCo2e)} in all.{" "}
        {explain?.factors.filter((f) => f.year > 0).map((f) => `${capital(modeWord[f.mode])} ${number(f.gramsPerPassengerKm / 1000, 5)} kg per passenger-km, ${f.source.name}${f.year ? `, ${f.year} factors` : ""}.`).join(" ")}{" "}
        {explain && explain.estimated > 0 && (explain.entered > 0 ? `${count(explain.estimated, "way")} estimated, ${explain.entered} entered.` : "Estimate.")}
      </p>
      <p className="cap">
        {t.pence == null ? (explain && explain.pricesMissing > 0 ? `The price of ${count(explain.pricesMissing, "way")} is not known. ` : "") : `${money(t.penceAHead ?? 0)} a person, ${money(t.pence)} in all, there and back. `}
        {explain?.rates.map((r) => `${capital(modeWord[r.mode])} ${number(r.pencePerKm, r.pencePerKm % 1 ? 1 : 0)}p a km, ${r.source.name}.`).join(" ")}{" "}
        {explain && explain.rates.length > 0 && "Estimate."}
      </p>
      {out.length > 0 && <button type="button" className="pl-link" onClick={() => setOpen(true)}>Journeys one by one…</button>}
      {open && <JourneysDialog visit={visit} onClose={() => setOpen(false)} />}
    </Part>
  );
}

/** What a member's chip can do. */
export interface ChipActs {
  open: (id: string) => void;
  lift: (id: string, on: string) => void;
  grab: (e: PointerEvent, id: string, on: string) => void;
  wasDrag: () => boolean;
}

/** A visit's people by team, each a chip in the shape of its sector. */
function Members({ visit, people, acts, edit }: { visit: Visit; people: ReadonlyMap<string, Exposure>; acts: ChipActs; edit: boolean }) {
  const members = (visit.group.members ?? []).flatMap((m) => { const e = people.get(m.id); return e ? [e] : []; });
  const teams = new Map<string, Exposure[]>();
  for (const m of members) {
    const key = m.enrolment.team ? String(m.enrolment.team.number) : "–";
    teams.set(key, [...(teams.get(key) ?? []), m]);
  }
  const order = [...teams].sort(([a], [b]) => (Number(a) || 999) - (Number(b) || 999));
  return (
    <Part title={`Group ${visit.group.name}`} aside={visit.group.sectors && <PairCount {...visit.group.sectors} />} grow>
      <dl className="pl-mem">
        {order.map(([team, all]) => (
          <div key={team}>
            <dt><span className="vh">{team === "–" ? "No team" : `Team ${team}`}</span><span aria-hidden="true">{team}</span></dt>
            <dd>
              {[...all].sort((a, b) => Number(a.enrolment.sectorAtEnrolment === "PRIVATE") - Number(b.enrolment.sectorAtEnrolment === "PRIVATE")).map(({ enrolment: e }) => (
                <button
                  key={e.id}
                  type="button"
                  className={`who ${e.sectorAtEnrolment === "PUBLIC" ? "pub" : "pri"}`}
                  aria-label={`${e.person.name}, ${e.sectorAtEnrolment === "PUBLIC" ? "public" : "private"}${edit ? ". Enter opens, M moves" : ""}`}
                  title={`${e.person.name}, ${e.employerAtEnrolment.name}`}
                  data-person={e.id}
                  onClick={() => !acts.wasDrag() && acts.open(e.id)}
                  onPointerDown={(ev) => edit && acts.grab(ev, e.id, visit.on)}
                  onKeyDown={(ev) => {
                    if (edit && (ev.key === "m" || ev.key === "M") && !ev.ctrlKey && !ev.metaKey) {
                      ev.preventDefault();
                      ev.stopPropagation();
                      acts.lift(e.id, visit.on);
                    }
                  }}
                >
                  {initials(e.person.name)}
                </button>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {members.length === 0 && <p className="cap">Nobody yet.</p>}
      {visit.group.sectors && visit.group.sectors.public + visit.group.sectors.private > members.length && members.length > 0 && (
        <p className="cap">The first {members.length} of {number(visit.group.sectors.public + visit.group.sectors.private)}; everybody is in the table under the board.</p>
      )}
    </Part>
  );
}

export function VisitPanel({ visit, board, people, acts, onVisit, onGo, foot, after }: {
  visit: Visit; board: Board; people: ReadonlyMap<string, Exposure>; acts: ChipActs; onVisit: (id: string) => void; onGo: ((s: Slot) => void) | null; foot: ReactNode; after?: ReactNode;
}) {
  const { programme } = useCohort();
  const other = otherOf(board.visits.nodes, visit);
  const why = useAsk(WhyVisit, { visit: visit.id }, { fresh: true });
  const x = why.data?.visit;
  const { site } = visit.offer;
  const only = new Map<string, number[]>();
  // What the server's sentence says already is not said twice.
  for (const o of x?.explain?.onlyHere ?? []) if (!x!.explain!.text.includes(`${o.theme.name} to team ${o.team.number}`)) only.set(o.theme.name, [...(only.get(o.theme.name) ?? []), o.team.number]);
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">{dayYear(visit.on)}, group {visit.group.name}</p>
          <h2>{hostOf(site)}</h2>
          <p className="mid">{site.name === hostOf(site) ? "" : `${site.name}, `}{townOf(site.station.name)}, {nationWord[site.station.nation]} · {times(visit.startsAt, visit.endsAt, programme.timeZone)} · takes {visit.offer.minGroup} to {visit.offer.maxGroup}</p>
          {other && <p className="mid">Group {visit.group.name} {other.startsAt < visit.startsAt ? "comes from" : "goes on to"} <button type="button" className="pl-link" onClick={() => onVisit(other.id)}>{hostOf(other.offer.site)}</button>, {times(other.startsAt, other.endsAt, programme.timeZone)}.</p>}
          {visit.pinned && <p className="pl-pinned"><Lock /> Pinned: planning leaves it where it is.</p>}
          {visit.broken.map((b) => (
            <p key={b.rule + b.text} className="pl-brk"><Cross /> <span><b>{ruleAndFact(b)[0]}.</b> {ruleAndFact(b)[1]}{b.overrideReason && <span className="dim"> Kept because: {b.overrideReason}</span>}</span></p>
          ))}
        </Part>
        {why.error && <Part><TroubleNote trouble={why.error} /></Part>}
        {!x && !why.error && <Loading what="the reasons" />}
        {x?.deadlines && <Deadlines visit={visit} deadlines={x.deadlines} released={board.state !== "DRAFT"} />}
        {x?.explain && (
          <Part title="Why here">
            <ul className="pl-yes">
              {[...only].map(([theme, teams]) => <li key={theme}><Tick />Only visit that shows {theme} to {teams.length === 1 ? "team" : "teams"} {list(teams.map(String))}.</li>)}
              <li><Tick />{x.explain.text}</li>
            </ul>
          </Part>
        )}
        {x?.explain && x.explain.alternatives.length > 0 && (
          <Part title="Why not then" aside="change for the plan">
            <table className="pl-wn">
              <tbody>
                {x.explain.alternatives.map((a) => {
                  const name = a.on === visit.on ? `With group ${a.group}` : `${day(a.on)}${a.group === visit.group.name ? "" : `, ${a.group}`}`;
                  return (
                    <tr key={`${a.on} ${a.group}`}>
                      <th scope="row">{onGo ? <button type="button" className="pl-link" onClick={() => onGo({ on: a.on, group: a.group })} aria-label={`${name}: lift it there`}>{name}</button> : name}</th>
                      {a.broken.length === 0 ? <><td>allowed</td><td className="r">{costWords(a, board.score)}</td></> : <td colSpan={2}>{[...new Set(a.broken.map(briefly))].join(", ")}</td>}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Part>
        )}
        <Journey visit={visit} board={board} people={people} explain={x?.travel.explain} />
        <Members visit={visit} people={people} acts={acts} edit={onGo !== null} />
        {after}
      </div>
      {foot}
    </>
  );
}

/* ---- reasons ---- */

type Facts = NonNullable<WhyOfferQuery["visitPlan"]>["left"]["nodes"][number]["reason"];

/** The facts of a reason, as a table where they are many. */
export function ReasonFactsView({ reason, now }: { reason: Facts; now: Board["score"] }) {
  switch (reason.__typename) {
    case "DaysReason":
      return (
        <table className="pl-wn"><tbody>
          {reason.days.map((d, i) => <tr key={i}><th scope="row">{d.on ? day(d.on) : "–"}</th><td>{d.text}</td></tr>)}
        </tbody></table>
      );
    case "CountReason":
      return reason.counts.length === 0 ? null : (
        <table className="pl-tab"><thead><tr><th>Best day</th><th className="r">free</th><th className="r">can get in</th><th className="r">near enough</th><th className="r">wanted</th></tr></thead><tbody>
          {reason.counts.map((c) => <tr key={c.offer.id + c.on}><th scope="row">{short(c.on)}{reason.counts.length > 1 ? `, ${hostOf(c.offer.site)}` : ""}</th><td className="r">{c.free}</td><td className="r">{c.stepFree}</td><td className="r">{c.withinLimit}</td><td className="r">{c.minGroup}</td></tr>)}
        </tbody></table>
      );
    case "HeldReason":
      return (
        <>
          <ul className="pl-yes">{reason.heldBy.map((v) => <li key={v.id}><Cross />{hostOf(v.offer.site)}, {day(v.on)}</li>)}</ul>
          {reason.swap?.__typename === "CostReason" && <CostFacts reason={reason.swap} now={now} />}
        </>
      );
    case "ExcludedReason":
      return <p>“{reason.exclusion.reason}”{reason.exclusion.by && `, ${reason.exclusion.by}`}, {day(reason.exclusion.at)}</p>;
    case "CostReason":
      return <CostFacts reason={reason} now={now} />;
    case "PersonReason":
      return reason.leastMinutes != null ? <p className="cap">Nearest {length(reason.leastMinutes)}, limit {length(reason.limitMinutes ?? 0)}.</p> : null;
    case "SeatsReason":
      return (
        <ul className="pl-lines">{reason.swaps.map((s, i) => <li key={i}>Instead of {s.enrolment.person.name}: {levelWord[s.level]} worse by {number(s.loss)}</li>)}</ul>
      );
    case "DominatedReason":
      return <p>{day(reason.by)} has all its offers, and nobody more away.</p>;
    default:
      return null;
  }
}

/** An offer that is not used. */
export function OfferPanel({ offer, offerId, board, edit, onAdd, onExclude, onIn }: {
  offer: Offer | undefined; offerId: string; board: Board; edit: boolean;
  onAdd: (startsAt: string, on: string) => void; onExclude: (reason: string) => void; onIn: () => void;
}) {
  const { programme } = useCohort();
  const why = useAsk(WhyOffer, { plan: board.id, offer: offerId }, { fresh: true });
  const reason = why.data?.visitPlan?.left.nodes[0]?.reason;
  const [on, setOn] = useState("");
  const [ask, setAsk] = useState(false);
  const [words_, setWords] = useState("");
  const excluded = board.rules.exclusions.find((e) => e.offer.id === offerId);
  const days = [...new Map((offer?.open ?? []).map((d) => [d.on, d])).values()];
  const chosen = days.find((d) => d.on === on) ?? days[0];
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">Not used in this plan</p>
          <h2>{(offer && hostOf(offer.site)) ?? unusedOf(board).find((u) => u.offerId === offerId)?.name}</h2>
          {offer && <p className="mid">{offer.site.name === hostOf(offer.site) ? "" : `${offer.site.name}, `}{townOf(offer.site.station.name)}, {nationWord[offer.site.station.nation]} · takes {offer.minGroup} to {offer.maxGroup} · {length(offer.durationMinutes)}</p>}
          {offer && <p className="mid">{offer.themes.map((t) => t.name).join(", ")}</p>}
        </Part>
        {reason ? (
          <Part title="Why not">
            <p className="pl-why">{reason.text}</p>
            <ReasonFactsView reason={reason} now={board.score} />
            {reason.remedy && <p className="mid"><b>What would change it.</b> {reason.remedy}</p>}
          </Part>
        ) : why.error ? <Part><TroubleNote trouble={why.error} /></Part> : <Loading what="the reason" />}
        {offer && (
          <Part title="Its days" aside={`names ${count(offer.leadTimeWorkingDays, "working day")} before`}>
            <table className="pl-wn"><tbody>
              {days.map((d) => {
                const taken = board.visits.nodes.filter((v) => v.on === d.on);
                return <tr key={d.on}><th scope="row">{day(d.on)}</th><td>{d.from}–{d.to}</td><td className="r dim">{taken.length ? list(taken.map((v) => hostOf(v.offer.site))) : ""}</td></tr>;
              })}
              {days.length === 0 && <tr><td>No day is left.</td></tr>}
            </tbody></table>
          </Part>
        )}
        {edit && ask && (
          <Part title="Why leave it out of planning">
            <Field label="Reason, kept with the plan" value={words_} onChange={setWords} lines={2} autoFocus />
            <div className="pl-btns">
              <Button onPress={() => { if (words_.trim()) { onExclude(words_.trim()); setAsk(false); } }} isDisabled={!words_.trim()}>Exclude it</Button>
              <Button kind="bare" onPress={() => setAsk(false)}>Not now</Button>
            </div>
          </Part>
        )}
      </div>
      {edit && (
        <div className="pl-foot">
          {chosen && days.length > 1 && <Choice<string> label="Day" bare size="md" width="9.5em" value={chosen.on} onChange={setOn} items={days.map((d) => ({ id: d.on, name: day(d.on) }))} />}
          {chosen && <Button onPress={() => onAdd(momentIn(chosen.on, clockAt(offer, chosen.on, chosen.from, offer?.durationMinutes ?? 0), programme.timeZone), chosen.on)}>Add it on {days.length > 1 ? "that day" : day(chosen.on)}</Button>}
          {excluded ? <Button onPress={onIn}>Let it in again</Button> : !ask && <Button kind="bare" onPress={() => setAsk(true)}>Exclude…</Button>}
        </div>
      )}
    </>
  );
}

/** A person: what the plan gives them, day by day. */
export function PersonPanel({ person, board, days, edit, onLift, onCalendar, onUpset, onDay }: {
  person: Exposure; board: Board; days: readonly string[]; edit: boolean; onLift: (on: string) => void; onCalendar: (() => void) | null; onUpset: (() => void) | null; onDay: (visitId: string) => void;
}) {
  const e = person.enrolment;
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap"><SectorMark sector={e.sectorAtEnrolment} word />{e.team && ` · team ${e.team.number}, ${e.team.name}`}</p>
          <h2>{e.person.name}</h2>
          <p className="mid">{e.employerAtEnrolment.name}{e.homeStation && ` · from ${e.homeStation.name}`}</p>
        </Part>
        <Part title="What the plan gives">
          <table className="pl-tab"><tbody>
            <tr><th scope="row">Visits</th><td className="r">{person.visits} of {person.attainable} that could be</td></tr>
            <tr><th scope="row">Hours travelled, there and back</th><td className="r">{number(person.minutes / 60, 1)} h</td></tr>
            {person.leastMinutes != null && <tr><th scope="row">No plan with these visits is under</th><td className="r">{number(person.leastMinutes / 60, 1)} h</td></tr>}
          </tbody></table>
        </Part>
        <Part title="Day by day" aside={edit ? "M moves" : undefined} grow>
          <table className="pl-wn pl-days"><tbody>
            {days.map((on) => {
              const v = board.visits.nodes.find((x) => x.on === on && x.group.members?.some((m) => m.id === e.id));
              const missed = person.missed.find((m) => "on" in m.subject && m.subject.on === on);
              return (
                <tr key={on}>
                  <th scope="row">{day(on)}</th>
                  <td>
                    {v ? <button type="button" className="pl-link" onClick={() => onDay(v.id)}>{hostOf(v.offer.site)}, {v.group.name}</button> : <span className="sig"><Cross /> {missed?.reason.text ?? "not there"}</span>}
                    {missed?.reason.remedy && <span className="cap pl-block">{missed.reason.remedy}</span>}
                    {missed && costly(missed.reason.code) && <WhyMore plan={board.id} on={on} about={e.id} kind="PERSON_DAY" now={board.score} label={`${e.person.name} on ${day(on)}`} />}
                  </td>
                  {edit && <td className="r"><button type="button" className="pl-link" data-move={`${e.id} ${on}`} onClick={() => onLift(on)} aria-label={`Move ${e.person.name} on ${day(on)}`}>Move</button></td>}
                </tr>
              );
            })}
          </tbody></table>
        </Part>
      </div>
      {(onCalendar || onUpset) && (
        <div className="pl-foot">
          {onCalendar && <Button onPress={onCalendar}>Calendar file</Button>}
          {onUpset && <Button kind="bare" press="X" onPress={onUpset}>{person.visits === 0 ? "Joined the cohort…" : "Left the cohort…"}</Button>}
        </div>
      )}
    </>
  );
}

/** A week or a day of the board, and why nothing more is on it. */
export function DayPanel({ on, week, board, people, onUpset }: { on: string | null; week: number; board: Board; people: readonly Exposure[]; onUpset: (() => void) | null }) {
  const { programme } = useCohort();
  const w = programme.weeks.find((x) => x.number === week);
  const one = on ?? "";
  const why = useAsk(WhyDay, { plan: board.id, on: one, kinds: ["PERSON_DAY"], about: null }, { when: on !== null, fresh: true });
  if (on !== null) {
    const visits = board.visits.nodes.filter((v) => v.on === on);
    const there = presence(visits).get(on) ?? { ids: new Set<string>(), whole: true };
    const missing = people.filter((p) => !isThere(on, there, p));
    const asked = new Map((why.data?.visitPlan?.left.nodes ?? []).flatMap((n) => (n.subject.__typename === "PersonDay" ? [[n.subject.enrolment.id, n.reason] as const] : [])));
    return (
      <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">Week {week}</p>
          <h2>{dayYear(on)}</h2>
          <p className="mid">{capital(count(visits.length, "visit"))}, {count(people.length - missing.length, "person", "people")} of {people.length}</p>
          {board.rules.lostDays.includes(on) && <p className="pl-brk"><Cross /> <span><b>Nothing can be held on this day.</b> It was lost; plan again with other rules to give it back.</span></p>}
        </Part>
        <Part title="Visits">
          <table className="pl-wn"><tbody>
            {visits.map((v) => <tr key={v.id}><th scope="row">{v.group.name}</th><td>{hostOf(v.offer.site)}</td><td className="r">{v.group.sectors && <PairCount {...v.group.sectors} />}</td></tr>)}
          </tbody></table>
        </Part>
        <Part title="Who is not there" aside={String(missing.length)} grow>
          {missing.length === 0 ? <p>Everyone is there.</p> : (
            <ul className="pl-lines">
              {missing.slice(0, 200).map((p) => {
                const reason = asked.get(p.enrolment.id) ?? p.missed.find((m) => "on" in m.subject && m.subject.on === on)?.reason;
                return <li key={p.enrolment.id}><SectorMark sector={p.enrolment.sectorAtEnrolment} /> <b>{p.enrolment.person.name}</b> {reason?.text}{reason?.remedy && <span className="cap pl-block">{reason.remedy}</span>}</li>;
              })}
            </ul>
          )}
        </Part>
      </div>
      {onUpset && visits.length > 0 && <div className="pl-foot"><Button kind="bare" press="X" onPress={onUpset}>Nothing possible on this day…</Button></div>}
      </>
    );
  }
  return (
    <div className="pl-scroll">
      <Part>
        <p className="cap">Week {week}{w && `, from ${day(w.startsOn)}`}</p>
        <h2>No visit day</h2>
        {w && programme.milestones.filter((m) => w.startsOn <= m.on && m.on <= w.endsOn).map((m) => <p key={m.name} className="mid">{m.name}, {day(m.on)}</p>)}
      </Part>
      <Part title="Why none of its days" grow>
        <ul className="pl-lines pl-days">
          {(w ? slotDays(w) : []).map((d) => {
            const reason = dayReason(board, d);
            const holidays = w!.bankHolidays.filter((h) => h.date === d);
            return (
              <li key={d}>
                <b>{day(d)}</b> {reason ? reason.text : "No reason was given: the day could not be a visit day."}
                {holidays.length > 0 && <span className="cap pl-block">{[...new Set(holidays.map((h) => h.name))].join(", ")}: {list(holidays.map((h) => nationWord[h.nation]))}</span>}
                {reason?.remedy && <span className="cap pl-block">{reason.remedy}</span>}
                {reason && costly(reason.code) && <WhyMore plan={board.id} on={d} kind="DAY" now={board.score} label={day(d)} />}
              </li>
            );
          })}
        </ul>
      </Part>
    </div>
  );
}

/** Whether there is more to say of a reason than its sentence: what it would cost, and which plan shows it. */
const costly = (code: string): boolean =>
  ["WOULD_COST", "EQUAL_ALTERNATIVE", "NOT_DECIDED", "SEATS_GONE", "FORTNIGHT_TAKEN", "TOO_NEAR", "DAYS_SPENT", "OFFERS_USED_ELSEWHERE"].includes(code);

/** The themes that a team does not see, each with why and what it would cost to see it. */
function Unseen({ board }: { board: Board }) {
  const why = useAsk(WhyThemes, { plan: board.id }, { fresh: true });
  const found = why.data?.visitPlan?.left.nodes ?? [];
  return (
    <Part title="Themes that a team does not see" aside={String(board.score.uncovered)}>
      {why.error ? <TroubleNote trouble={why.error} /> : !why.data ? <Loading what="the reasons" /> : (
        <ul className="pl-lines">
          {found.map((n) => n.subject.__typename === "TeamTheme" && (
            <li key={`${n.subject.team.number} ${n.subject.theme.name}`}>
              <b>{capital(n.subject.theme.name)}, team {n.subject.team.number}.</b> {n.reason.text}
              {n.reason.remedy && <span className="cap pl-block">{n.reason.remedy}</span>}
              <ReasonFactsView reason={n.reason} now={board.score} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** The plan as a whole: what it achieves, what it was asked, what was fixed by hand. */
export function PlanPanel({ board, plans, people, edit, onOpen, onIn, onPerson, wish, children, foot }: {
  board: Board; plans: readonly PlanHead[]; people: readonly Exposure[]; edit: boolean; onOpen: (id: string) => void; onIn: (offerId: string) => void; onPerson: (id: string) => void; wish: ReactNode; children?: ReactNode; foot?: ReactNode;
}) {
  const pinned = board.visits.nodes.filter((v) => v.pinned);
  const short_ = people.filter((p) => p.shortfall > 0);
  const saved = new Date(board.updatedAt);
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">
            {capital(planName(board))}{board.updatedBy ? `, saved ${clock(saved)} by ${board.updatedBy}` : ""}{board.seed != null ? `, seed ${board.seed}` : ", edited by hand"}
          </p>
          <h2>{capital(boundWords(board))}</h2>
          <p className="mid">{boundSentence(board)}</p>
        </Part>
        {board.broken.length > 0 && (
          <Part title={`${capital(words(board.broken.length))} ${board.broken.length === 1 ? "rule is" : "rules are"} broken`}>
            {board.broken.map((b, i) => <p key={i} className="pl-brk"><Cross /> <span><b>{ruleAndFact(b)[0]}.</b> {ruleAndFact(b)[1]}{b.overrideReason && <span className="dim"> Kept because: {b.overrideReason}</span>}</span></p>)}
          </Part>
        )}
        <Part title="What it achieves" aside="less is better">
          <table className="pl-tab">
            <thead><tr><th>In this order</th><th className="r">plan</th><th className="r">no plan under</th></tr></thead>
            <tbody>
              {board.rules.levels.map((level) => (
                <tr key={level}>
                  <th scope="row">{figures[level].name}</th>
                  <td className="r">{figures[level].of(board.score)}</td>
                  <td className="r">{provedAt(board, level) ? <>proved</> : board.bound && bounded(level, board.bound) ? <span className="dim">{figures[level].of(board.bound)}</span> : <span className="dim">not known</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
        {board.score.uncovered > 0 && board.state !== "PLANNING" && <Unseen board={board} />}
        {short_.length > 0 && (
          <Part title="Who falls short" aside="visits, of those they could have">
            <table className="pl-wn"><tbody>
              {short_.slice(0, 12).map((p) => <tr key={p.enrolment.id}><td><SectorMark sector={p.enrolment.sectorAtEnrolment} /> <button type="button" className="pl-link" onClick={() => onPerson(p.enrolment.id)}>{p.enrolment.person.name}</button></td><td className="r">{p.visits} of {p.attainable}</td></tr>)}
              {short_.length > 12 && <tr><td className="dim">and {short_.length - 12} more, in the table below the board</td></tr>}
            </tbody></table>
          </Part>
        )}
        {wish}
        {pinned.length > 0 && <Part title="Pinned by you"><ul className="pl-lines">{pinned.map((v) => <li key={v.id}><Lock /> {hostOf(v.offer.site)}, {day(v.on)}</li>)}</ul></Part>}
        {board.rules.exclusions.length > 0 && (
          <Part title="Left out of planning by you">
            <ul className="pl-lines">{board.rules.exclusions.map((x) => <li key={x.offer.id}><b>{hostOf(x.offer.site)}.</b> {x.reason} {edit && <button type="button" className="pl-link" onClick={() => onIn(x.offer.id)}>Let it in again</button>}</li>)}</ul>
          </Part>
        )}
        <Part title="Journeys" aside={`${number(board.travel.journeys)} ways there`}>
          <p className="mid">{board.travel.pence == null ? `The price of ${count(board.travel.explain.pricesMissing, "way")} is not known.` : `${money(board.travel.pence)} there and back, ${money(board.travel.penceAHead ?? 0)} a person${board.travel.explain.pricesEstimated > 0 ? ", an estimate" : ""}.`}</p>
          <p className="cap">{board.travel.explain.text} {board.travel.explain.factors.map((f) => `${f.source.name}${f.source.licence ? ` (${f.source.licence})` : ""}${f.year ? `, ${f.year}` : ""}.`).join(" ")}</p>
        </Part>
        {plans.length > 1 && (
          <Part title="Plans" aside="newest first">
            <table className="pl-wn"><tbody>
              {plans.map((p) => (
                <tr key={p.id}>
                  <th scope="row">{p.id === board.id ? <span>{capital(planName(p))}</span> : <button type="button" className="pl-link" onClick={() => onOpen(p.id)}>{capital(planName(p))}</button>}</th>
                  <td>{p.state === "RELEASED" ? "in force" : p.state === "SUPERSEDED" ? "was in force" : p.state === "PLANNING" ? "being planned" : p.cancelled ? "stopped early" : "draft"}</td>
                  <td className="r dim">{day(p.releasedAt ?? p.updatedAt)}</td>
                </tr>
              ))}
            </tbody></table>
          </Part>
        )}
        {children}
      </div>
      {foot}
    </>
  );
}

/** "draft 3", "version 2" */
export const planName = (p: { state: PlanHead["state"]; number: number }): string =>
  `${p.state === "DRAFT" || p.state === "PLANNING" ? "draft" : "version"} ${p.number}`;

function boundSentence(board: Board): string {
  const { bound, provedLevels } = board;
  const { levels } = board.rules;
  if (provedLevels >= levels.length) return "No plan under these rules is better at any level.";
  if (bound?.gapPercent != null && bound.firstUnproved) {
    const proved = levels.slice(0, provedLevels).map((l) => levelWord[l]);
    return `${proved.length ? `${capital(list(proved))} ${proved.length === 1 ? "is" : "are"} proved best. ` : ""}On ${levelWord[bound.firstUnproved]} no plan can be more than ${percent(bound.gapPercent)} better.`;
  }
  if (board.cancelled) return "Planning was stopped before its work was done; this is the best plan so far.";
  return "It breaks no rule unless it says so. How much better a plan could be is not known.";
}
