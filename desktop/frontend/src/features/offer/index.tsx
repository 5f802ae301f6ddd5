import { useMemo, useRef, useState } from "react";
import { Link } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { HostOfferFilter, HostOfferOrder, Nation, OffersQuery } from "@/gql/graphql";
import { useCohort, type CohortFrame } from "@/lib/cohort";
import { useSettled } from "@/lib/debounce";
import { capital, count, dateIn, day, daysBetween, hostName, length, list, nationWord, readDay, times, words, dayYear } from "@/lib/format";
import { ask, type Trouble } from "@/lib/graphql";
import { useFindings, useKeys } from "@/lib/keys";
import { saveText } from "@/lib/platform";
import { keyOf } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button, Choice, Field } from "@/ui/controls";
import { CoastMap } from "@/ui/map";
import { textScale, useSize } from "@/ui/size";
import { EmptyState, Loading, TroubleNote } from "@/ui/state";
import { AddOffer } from "./add";
import { EditOffer, fieldWord } from "./edit";
import "./offer.css";

const Offers = graphql(`
  query Offers($cohort: ID!, $filter: HostOfferFilter, $order: HostOfferOrder!, $after: String) {
    cohort(id: $cohort) {
      id
      programme {
        id
        themes { id name }
        all: offers(filter: { states: [OPEN, CANCELLED] }, first: 1) { totalCount }
        offers(filter: $filter, orderBy: $order, first: 100, after: $after) {
          totalCount
          nodes {
            id
            version
            updatedAt
            updatedBy
            state
            site { id name organisation { name } stepFree accessNotes station { code name nation latitude longitude } }
            themes { id name }
            minGroup
            maxGroup
            durationMinutes
            windows { startsAt endsAt }
            blackoutDates
            leadTimeWorkingDays
            requiredFields { field leadTimeWorkingDays }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
      plans: visitPlans(states: [RELEASED, DRAFT], first: 1) { nodes { id number state visits(first: 100) { nodes { id on state offer { id } group { name } deadlines { kind dueOn state } } } } }
    }
  }
`);
const OfferTable = graphql(`
  query OfferTable($cohort: ID!) {
    cohort(id: $cohort) { id name table(kind: OFFERS) }
  }
`);

type Data = NonNullable<OffersQuery["cohort"]>;
export type OfferRow = NonNullable<Data["programme"]["offers"]>["nodes"][number];
type Plan = NonNullable<Data["plans"]>["nodes"][number];
type Planned = Plan["visits"]["nodes"][number];
/** "the plan", "draft 3" */
const planName = (p: Plan | null): string => (p?.state === "DRAFT" ? `draft ${p.number}` : "the plan");

/** "14 offers, eight of them in the plan" */
export function offerSentence(total: number, used: number, plan: string | null): string {
  const head = `${capital(words(total))} ${total === 1 ? "offer" : "offers"}`;
  return plan ? `${head}, ${used === total ? "all" : words(used)} in ${plan}` : `${head}, none planned yet`;
}

export function OffersScreen() {
  const frame = useCohort();
  const [host, setHost] = useState("");
  const [nation, setNation] = useState<Nation | "ALL">("ALL");
  const [theme, setTheme] = useState("ALL");
  const [onText, setOnText] = useState("");
  const [stands, setStands] = useState<"OPEN" | "CANCELLED" | "ALL">("OPEN");
  const [order, setOrder] = useState<HostOfferOrder>("HOST");
  const [picked, setPicked] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const settled = useSettled(host.trim());
  const on = onText.trim() ? readDay(onText, frame.programme.startsOn) : null;
  const filter: HostOfferFilter = {
    ...(settled ? { host: settled } : {}),
    ...(nation !== "ALL" ? { nation } : {}),
    ...(theme !== "ALL" ? { themeId: theme } : {}),
    ...(on ? { on } : {}),
    ...(stands === "ALL" ? { states: ["OPEN", "CANCELLED"] } : stands === "CANCELLED" ? { states: ["CANCELLED"] } : {}),
  };
  const variables = { cohort: frame.id, filter, order };
  const pages = useInfiniteQuery({
    queryKey: keyOf(Offers, variables),
    queryFn: ({ pageParam, signal }) => ask(Offers, { ...variables, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.cohort?.programme.offers?.pageInfo.hasNextPage ? last.cohort.programme.offers.pageInfo.endCursor ?? null : null),
  });
  const first = pages.data?.pages[0]?.cohort;
  const rows = useMemo(() => pages.data?.pages.flatMap((p) => p.cohort?.programme.offers?.nodes ?? []) ?? [], [pages.data]);
  const plan = first?.plans?.nodes[0] ?? null;
  const total = first?.programme.offers?.totalCount ?? 0;
  const visits = useMemo(() => new Map((plan?.visits.nodes ?? []).filter((v) => v.state !== "CANCELLED").map((v) => [v.offer.id, v])), [plan]);
  const one = rows.find((r) => r.id === picked) ?? null;
  const filtered = Object.keys(filter).length > 0;
  const box = useRef<HTMLUListElement>(null);
  const step = (by: number) => {
    if (rows.length === 0) return false;
    const at = one ? rows.indexOf(one) : -1;
    setPicked(rows[Math.max(0, Math.min(rows.length - 1, at + by))]!.id);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus());
    return undefined;
  };
  useKeys([
    { press: "ArrowDown", says: "Next offer", act: () => step(1) },
    { press: "ArrowUp", says: "Offer before", act: () => step(-1) },
    { press: "n", says: "Add an offer", act: () => setAdding(true) },
    { press: "c", says: "Change the offer", act: () => (one ? setEditing(true) : false) },
    { press: "/", says: "Search by host", act: () => document.querySelector<HTMLInputElement>(".p-search input")?.focus() },
  ]);
  useFindings(rows.map((r) => ({ title: hostName(r.site), hint: `Offer, ${r.site.station.name}`, act: () => setPicked(r.id) })));
  const save = async () => {
    const { cohort } = await ask(OfferTable, { cohort: frame.id });
    if (cohort?.table) await saveText(`${cohort.name} offers.csv`, cohort.table);
  };

  if (pages.error && !pages.data) return <div className="pad"><TroubleNote trouble={pages.error as unknown as Trouble} /></div>;
  if (!first) return <Loading what="the offers" />;
  if (first.programme.all?.totalCount === 0) {
    return (
      <>
        <EmptyState title="No host has offered yet" action={<Link className="btn go" to={`/c/${frame.id}/import?kind=OFFERS`}>Load an offers file</Link>}>
          <p>A row an offer: host, station, days it can, smallest and largest group, how many working days before a visit it needs names. Or <Button kind="bare" size="sm" onPress={() => setAdding(true)}>add one offer</Button> by hand.</p>
        </EmptyState>
        {adding && <AddOffer onClose={() => setAdding(false)} />}
      </>
    );
  }
  return (
    <>
      <Bar title={filtered ? `${capital(words(total))} ${total === 1 ? "offer is" : "offers are"} like that` : offerSentence(total, visits.size, plan && planName(plan))} figures={filtered || pages.hasNextPage ? [] : nationFigures(rows)}>
        <Button onPress={() => void save()}>Save as CSV…</Button>
        <Link className="btn" to={`/c/${frame.id}/import?kind=OFFERS`}>Load a file…</Link>
        <Button onPress={() => setAdding(true)} press="N">Add an offer…</Button>
        {!plan && <Link className="btn go" to={`/c/${frame.id}/visits`}>Plan the visits</Link>}
        {plan?.state === "DRAFT" && <Link className="btn go" to={`/c/${frame.id}/visits`}>Open draft {plan.number}</Link>}
      </Bar>
      <div className="pgrid ogrid">
        <section className="plist" data-panel aria-label="Offers">
          <div className="filters">
            <div className="p-search"><Field label="Host" type="search" value={host} onChange={setHost} /></div>
            <Choice label="Nation" value={nation} onChange={setNation} items={[{ id: "ALL", name: "All" }, ...(Object.keys(nationWord) as Nation[]).map((n) => ({ id: n, name: nationWord[n] }))]} />
            <Choice label="Theme" value={theme} onChange={setTheme} items={[{ id: "ALL", name: "All" }, ...first.programme.themes.map((t) => ({ id: t.id, name: t.name }))]} />
            <div className="o-on"><Field label={on ? `Open on ${day(on)}` : "Open on"} value={onText} onChange={setOnText} error={onText.trim().length > 4 && !on ? "No such day." : undefined} /></div>
            <Choice label="State" value={stands} onChange={setStands} items={[{ id: "OPEN", name: "Open" }, { id: "CANCELLED", name: "Taken back" }, { id: "ALL", name: "Both" }]} />
            <Choice label="Order" value={order} onChange={setOrder} items={[{ id: "HOST", name: "Host" }, { id: "FIRST_WINDOW", name: "First day" }]} />
          </div>
          {rows.length === 0 ? (
            <p className="pad mid none">No offer is like that. <Button kind="bare" size="sm" onPress={() => { setHost(""); setNation("ALL"); setTheme("ALL"); setOnText(""); setStands("OPEN"); }}>Show all</Button></p>
          ) : (
            <div className="olist">
              <div className="ohead" aria-hidden="true"><span>Host</span><span>Group</span><span>Names</span><i>Week</i><Weeks frame={frame} /></div>
              <ul ref={box}>
                {rows.map((r) => (
                  <li key={r.id}>
                    <button className="orow" aria-current={r.id === picked} onClick={() => setPicked(r.id)}>
                      <span className="o-n"><b>{hostName(r.site)}</b><i>{r.site.name !== hostName(r.site) && `${r.site.name}, `}{r.site.station.name}{r.site.station.nation !== "ENGLAND" && `, ${nationWord[r.site.station.nation]}`}{r.state === "CANCELLED" && <em className="sig"> · taken back</em>}<span className="dim"> · {r.themes.map((t) => t.name).join(", ")}</span></i></span>
                      <span>{r.minGroup}–{r.maxGroup}</span>
                      <span>{count(r.leadTimeWorkingDays, "day")}</span>
                      <span aria-hidden="true" />
                      <Strip frame={frame} offer={r} visit={visits.get(r.id)} where={planName(plan)} />
                    </button>
                  </li>
                ))}
              </ul>
              {pages.hasNextPage && <p className="pad"><Button onPress={() => void pages.fetchNextPage()}>Show the next of {total - rows.length} more</Button></p>}
              <p className="o-key cap" aria-hidden="true">
                <svg width="12" height="10"><rect className="s-open" x="3" y="1" width="4" height="8" /></svg> open
                <svg width="14" height="10"><rect className="s-used" x="3" y="0" width="7" height="10" /></svg> in {planName(plan)}
                <svg width="14" height="10"><path className="s-shut" d="M3 1l7 8M10 1l-7 8" /></svg> closed
                <span>Names: working days before the visit.</span>
              </p>
            </div>
          )}
        </section>
        <aside className="pane opane" tabIndex={0} data-panel aria-label={one ? hostName(one.site) : "Map of offers"}>
          {one ? <Detail key={one.id} offer={one} frame={frame} visit={visits.get(one.id)} where={planName(plan)} rows={rows} onPick={setPicked} onEdit={() => setEditing(true)} onClose={() => setPicked(null)} /> : <Overview rows={rows} visits={visits} where={planName(plan)} onPick={setPicked} />}
        </aside>
      </div>
      {adding && <AddOffer onClose={() => setAdding(false)} />}
      {editing && one && <EditOffer offer={one} onClose={() => setEditing(false)} />}
    </>
  );
}

function nationFigures(rows: readonly OfferRow[]) {
  const by = new Map<Nation, number>();
  for (const r of rows) by.set(r.site.station.nation, (by.get(r.site.station.nation) ?? 0) + 1);
  return [...by].sort((a, b) => b[1] - a[1]).map(([n, k]) => ({ value: String(k), basis: nationWord[n] }));
}

const inner = (width: number) => ({ x: (date: string, f: CohortFrame) => 4 + (daysBetween(f.programme.startsOn, date) / Math.max(1, daysBetween(f.programme.startsOn, f.programme.endsOn))) * (width - 12) });

function Weeks({ frame }: { frame: CohortFrame }) {
  const [ref, shown] = useSize(300);
  const scale = textScale();
  const width = shown / scale;
  const { x } = inner(width);
  const every = width / frame.programme.weeks.length < 18 ? 2 : 1;
  return <div ref={ref}><svg width={shown} height={16 * scale} viewBox={`0 0 ${width} 16`}>{frame.programme.weeks.map((w, i) => i % every === 0 && <text key={w.number} className="ax" x={x(w.startsOn, frame)} y={12}>{w.number}</text>)}</svg></div>;
}

/** The programme's weeks with the days on which a host is open, closed, or visited. */
function Strip({ frame, offer, visit, where }: { frame: CohortFrame; offer: OfferRow; visit: Planned | undefined; where: string }) {
  const [ref, shown] = useSize(300);
  const scale = textScale();
  const width = shown / scale;
  const { x } = inner(width);
  const zone = frame.programme.timeZone;
  const open = offer.windows.map((w) => dateIn(w.startsAt, zone)).filter((d) => !offer.blackoutDates.includes(d));
  const says = `Open on ${count(open.length, "day")}: ${list(open.slice(0, 6).map(day))}${open.length > 6 ? " and more" : ""}${visit ? `; in ${where} on ${day(visit.on)}` : ""}`;
  return (
    <div ref={ref} className="strip">
      <svg width={shown} height={30 * scale} viewBox={`0 0 ${width} 30`} role="img" aria-label={says}>
        {frame.programme.weeks.map((w) => <path key={w.number} className="s-week" d={`M${x(w.startsOn, frame)} 4V26`} />)}
        {open.map((d, i) => <rect key={i} className="s-open" x={x(d, frame)} y={8} width={4} height={14} />)}
        {offer.blackoutDates.map((d) => <path key={d} className="s-shut" d={`M${x(d, frame) - 1.5} 11l7 8M${x(d, frame) + 5.5} 11l-7 8`} />)}
        {visit && <rect className="s-used" x={x(visit.on, frame) - 2} y={5} width={8} height={20} />}
      </svg>
    </div>
  );
}

function Overview({ rows, visits, where, onPick }: { rows: OfferRow[]; visits: Map<string, Planned>; where: string; onPick: (id: string) => void }) {
  const [ref, width] = useSize(368);
  return (
    <div className="o-map" ref={ref}>
      <CoastMap width={width} height={Math.round(width * 1.5)} label={`${count(rows.length, "host")}; ${visits.size} in ${where} are dark, the others grey`} onPick={onPick} sites={rows.map((r) => ({ ...place(r), key: r.id, name: hostName(r.site), off: visits.size > 0 && !visits.has(r.id) }))} />
      <p className="cap">{visits.size > 0 ? `Dark: in ${where}. Grey: not used.` : "A dot a host."} The list names them all.</p>
    </div>
  );
}

const place = (r: OfferRow) => ({ latitude: r.site.station.latitude, longitude: r.site.station.longitude });

function Detail({ offer: o, frame, visit, where, rows, onPick, onEdit, onClose }: { offer: OfferRow; frame: CohortFrame; visit: Planned | undefined; where: string; rows: OfferRow[]; onPick: (id: string) => void; onEdit: () => void; onClose: () => void }) {
  const zone = frame.programme.timeZone;
  const nation = o.site.station.nation;
  const holidays = frame.programme.weeks.flatMap((w) => w.bankHolidays).filter((h) => h.nation === nation);
  const shut = o.windows.map((w) => dateIn(w.startsAt, zone)).flatMap((d) => holidays.filter((h) => h.date === d));
  const first = o.windows[0] && dateIn(o.windows[0].startsAt, zone);
  return (
    <>
      <section className="o-top">
        <div>
          <p className="p-top"><span>{o.state === "CANCELLED" ? <b className="sig">Taken back</b> : visit ? `In ${where}: ${day(visit.on)}, group ${visit.group.name}` : `Not in ${where}`}</span></p>
          <h2>{hostName(o.site)}</h2>
          <p className="mid">{o.site.name !== hostName(o.site) && `${o.site.name} · `}{o.site.station.name} ({o.site.station.code}), {nationWord[nation]}</p>
          <p className="mid">{o.site.stepFree ? "Step-free" : "Not step-free: people who need that cannot go"}</p>
          <Button kind="bare" size="sm" onPress={onClose}>Whole map</Button>
        </div>
        <CoastMap width={112} height={150} label={`${hostName(o.site)} is near ${o.site.station.name}`} onPick={onPick} sites={rows.map((r) => ({ ...place(r), key: r.id, on: r.id === o.id, off: r.id !== o.id }))} />
      </section>
      <section>
        <h3>Terms</h3>
        <dl className="facts">
          <dt>Shows</dt><dd>{list(o.themes.map((t) => t.name)) || "no theme"}</dd>
          <dt>Takes</dt><dd>{o.minGroup} to {count(o.maxGroup, "person", "people")}, {length(o.durationMinutes)}</dd>
          <dt>Names by</dt><dd>{count(o.leadTimeWorkingDays, "working day")} before, {nationWord[nation]}’s calendar and the office’s</dd>
          {o.requiredFields && o.requiredFields.length > 0 && <><dt>Asks for</dt><dd>{o.requiredFields.map((f) => <span key={f.field} className="o-f">{fieldWord[f.field]}, {count(f.leadTimeWorkingDays, "day")} before</span>)}</dd></>}
          {o.site.accessNotes && <><dt>Getting in</dt><dd>{o.site.accessNotes}</dd></>}
        </dl>
      </section>
      {visit?.deadlines && visit.deadlines.length > 0 && (
        <section>
          <h3>Deadlines <span>counted by the server</span></h3>
          <dl className="facts">{visit.deadlines.map((d) => <div key={d.kind}><dt>{{ IDENTITY: "Identity", NAMES: "Names", NEEDS: "Needs", CONFIRM: "Confirm", PURGE: "Purge" }[d.kind]}</dt><dd className={d.state === "LATE" ? "sig" : undefined}>{day(d.dueOn)}{d.state === "LATE" ? ", late" : d.state === "MET" ? ", done" : ""}</dd></div>)}</dl>
        </section>
      )}
      <section>
        <h3>Open <span>{first ? `${count(o.windows.length, "day")}, the first ${dayYear(first)}` : "no day"}</span></h3>
        <ul className="o-days">{o.windows.map((w) => { const d = dateIn(w.startsAt, zone); const closed = o.blackoutDates.includes(d); const holiday = shut.find((h) => h.date === d); return <li key={w.startsAt} className={closed || holiday ? "sig" : undefined}><span>{day(d)}</span><span>{closed ? "closed" : holiday ? holiday.name : times(w.startsAt, w.endsAt, zone)}</span></li>; })}</ul>
        {o.blackoutDates.length > 0 && <p className="mid">Closed on {list(o.blackoutDates.map(day))}.</p>}
      </section>
      <div className="foot"><Button press="C" onPress={onEdit}>Change…</Button></div>
    </>
  );
}
