import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { graphql } from "@/gql";
import type { EnrolmentFilter, EnrolmentOrder, EnrolmentState, PeopleQuery, Sector, StandingQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { useSettled } from "@/lib/debounce";
import { capital, count, enrolmentWord, number, short, words } from "@/lib/format";
import { ask, type Trouble } from "@/lib/graphql";
import { announce, useFindings, useKeys } from "@/lib/keys";
import { saveText } from "@/lib/platform";
import { keyOf, useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button, Choice, Field } from "@/ui/controls";
import { PairCount, SectorMark, Tally } from "@/ui/marks";
import { textScale } from "@/ui/size";
import { EmptyState, Loading, TroubleNote } from "@/ui/state";
import { PersonPanel } from "./person";
import { AddPerson } from "./add";
import "./people.css";

const People = graphql(`
  query People($cohort: ID!, $filter: EnrolmentFilter, $order: EnrolmentOrder! = NAME, $after: String) {
    cohort(id: $cohort) {
      id
      enrolments(filter: $filter, orderBy: $order, first: 100, after: $after) {
        totalCount
        nodes {
          id
          version
          updatedAt
          updatedBy
          state
          sectorAtEnrolment
          employerAtEnrolment { id name }
          person { id name email externalKey }
          homeStation { code name }
          team { id number name }
          awayOn
          needs { kind text consentedAt }
          identityKept
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

const Standing = graphql(`
  query Standing($cohort: ID!) {
    cohort(id: $cohort) {
      id
      balance {
        taken { public private }
        seats { public private }
        waiting { public private }
        explain { text levelSince left { public private } refilled { public private } }
      }
      teams(first: 100) { totalCount nodes { id number name sectors { public private } } }
      invited: enrolments(filter: { states: [INVITED] }, first: 1) { totalCount }
      all: enrolments(first: 1) { totalCount }
    }
  }
`);

const PeopleTable = graphql(`
  query PeopleTable($cohort: ID!) {
    cohort(id: $cohort) { id name table(kind: PEOPLE) }
  }
`);

export type PersonRow = NonNullable<NonNullable<PeopleQuery["cohort"]>["enrolments"]>["nodes"][number];

const states: { id: EnrolmentState | "ALL"; name: string }[] = [
  { id: "ALL", name: "All but those who left" },
  { id: "INVITED", name: "Invited" },
  { id: "WAITLISTED", name: "Waiting" },
  { id: "ACCEPTED", name: "Accepted" },
  { id: "ACTIVE", name: "Taking part" },
  { id: "COMPLETED", name: "Completed" },
  { id: "WITHDRAWN", name: "Left" },
];

/** "19 and 19: level, three wait" */
export function balanceSentence(b: { taken: { public: number; private: number }; seats: { public: number; private: number }; waiting: { public: number; private: number } }): string {
  const { taken, seats, waiting } = b;
  const head = `${number(taken.public)} public, ${number(taken.private)} private`;
  const free = Math.max(0, seats.public - taken.public) + Math.max(0, seats.private - taken.private);
  const over = Math.max(0, taken.public - seats.public) + Math.max(0, taken.private - seats.private);
  const level = taken.public === taken.private ? "level" : `${words(Math.abs(taken.public - taken.private))} apart`;
  const rest = over > 0 ? `${words(over)} over the seats` : free > 0 ? `${words(free)} ${free === 1 ? "seat" : "seats"} free` : "";
  const wait = waiting.public + waiting.private;
  return `${head}: ${[level, rest, wait > 0 ? `${words(wait)} ${wait === 1 ? "waits" : "wait"}` : ""].filter(Boolean).join(", ")}`;
}

export function PeopleScreen() {
  const frame = useCohort();
  const [name, setName] = useState("");
  const [sector, setSector] = useState<Sector | "ALL">("ALL");
  const [state, setState] = useState<EnrolmentState | "ALL">("ALL");
  const [team, setTeam] = useState("ALL");
  const [order, setOrder] = useState<EnrolmentOrder>("NAME");
  const [picked, setPicked] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const settledName = useSettled(name.trim());
  const filter: EnrolmentFilter = {
    ...(settledName ? { name: settledName } : {}),
    ...(sector !== "ALL" ? { sector } : {}),
    ...(state !== "ALL" ? { states: [state] } : {}),
    ...(team !== "ALL" ? { teamId: team } : {}),
  };
  const variables = { cohort: frame.id, filter, order };
  const standing = useAsk(Standing, { cohort: frame.id });
  const pages = useInfiniteQuery({
    queryKey: keyOf(People, variables),
    queryFn: ({ pageParam, signal }) => ask(People, { ...variables, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.cohort?.enrolments?.pageInfo.hasNextPage ? last.cohort.enrolments.pageInfo.endCursor ?? null : null),
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((p) => p.cohort?.enrolments?.nodes ?? []) ?? [], [pages.data]);
  const total = pages.data?.pages[0]?.cohort?.enrolments?.totalCount ?? 0;
  const person = rows.find((r) => r.id === picked) ?? null;
  const balance = standing.data?.cohort?.balance;
  const teams = standing.data?.cohort?.teams?.nodes ?? [];
  const filtered = Object.keys(filter).length > 0;
  useFindings([
    { title: "Add a person", hint: "Do", act: () => setAdding(true) },
    ...rows.map((r) => ({ title: r.person.name, hint: `Person, ${r.employerAtEnrolment.name}`, act: () => setPicked(r.id) })),
  ]);
  useKeys([
    { press: "/", says: "Search by name", act: () => document.querySelector<HTMLInputElement>(".p-search input")?.focus() },
    { press: "n", says: "Add a person", act: () => setAdding(true) },
    { press: "Escape", says: "Back to the balance", act: () => (picked ? setPicked(null) : false) },
  ]);

  const save = async () => {
    const { cohort } = await ask(PeopleTable, { cohort: frame.id });
    if (cohort?.table) await saveText(`${cohort.name} people.csv`, cohort.table);
  };

  if (standing.data?.cohort?.all?.totalCount === 0 && state === "ALL" && !filtered) {
    return (
      <>
        <EmptyState title="Nobody is in this cohort yet" action={<Link className="btn go" to={`/c/${frame.id}/import`}>Load a people file</Link>}>
          <p>Bring a spreadsheet with a row a person: name, sector, employer, home station. Other columns are welcome and can be mapped. Or <Button kind="bare" size="sm" onPress={() => setAdding(true)}>add one person</Button> by hand.</p>
        </EmptyState>
        {adding && <AddPerson onClose={() => setAdding(false)} />}
      </>
    );
  }

  return (
    <>
      <Bar
        title={balance ? balanceSentence(balance) : "People"}
        figures={balance ? [
          { value: `${number(balance.seats.public)} and ${number(balance.seats.private)}`, basis: "seats" },
          ...(standing.data?.cohort?.invited?.totalCount ? [{ value: number(standing.data.cohort.invited.totalCount), basis: "invited, not yet in" }] : []),
        ] : []}
      >
        <Button onPress={() => void save()}>Save as CSV…</Button>
        <Link className="btn" to={`/c/${frame.id}/import`}>Load a file…</Link>
        <Button kind="go" press="N" onPress={() => setAdding(true)}>Add a person…</Button>
      </Bar>
      <div className="pgrid">
        <section className="plist" data-panel aria-label="People">
          <div className="filters">
            <div className="p-search"><Field label="Name" type="search" value={name} onChange={setName} /></div>
            <Choice label="Sector" value={sector} onChange={setSector} items={[{ id: "ALL", name: "Both" }, { id: "PUBLIC", name: "Public" }, { id: "PRIVATE", name: "Private" }]} />
            <Choice label="State" value={state} onChange={setState} items={states} />
            {teams.length > 0 && <Choice label="Team" value={team} onChange={setTeam} items={[{ id: "ALL", name: "All" }, ...teams.map((t) => ({ id: t.id, name: `${t.number} ${t.name}` }))]} />}
            <Choice label="Order" value={order} onChange={setOrder} items={[{ id: "NAME", name: "Name" }, { id: "EMPLOYER", name: "Employer" }, { id: "TEAM", name: "Team" }, { id: "NEWEST", name: "Newest" }]} />
          </div>
          {pages.error && rows.length === 0 ? <div className="pad"><TroubleNote trouble={pages.error as Trouble} /></div> : !pages.data ? <Loading what="the people" /> : rows.length === 0 ? (
            <p className="pad mid none">Nobody is like that. <Button kind="bare" size="sm" onPress={() => { setName(""); setSector("ALL"); setState("ALL"); setTeam("ALL"); }}>Show all</Button></p>
          ) : (
            <Rows rows={rows} total={total} picked={picked} onPick={setPicked} more={() => { if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage(); }} filtered={filtered} />
          )}
        </section>
        <aside className="pane" tabIndex={0} data-panel aria-label={person ? person.person.name : "Balance"}>
          {person ? <PersonPanel key={person.id} row={person} onClose={() => setPicked(null)} /> : balance && <BalancePanel balance={balance} teams={teams} />}
        </aside>
      </div>
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </>
  );
}


function Rows({ rows, total, picked, onPick, more, filtered }: { rows: PersonRow[]; total: number; picked: string | null; onPick: (id: string) => void; more: () => void; filtered: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const moved = useRef(false);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => 32 * textScale(), overscan: 12 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20 && rows.length < total) more();
  }, [last, rows.length, total, more]);
  const now = Math.min(at, rows.length - 1);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    moved.current = true;
    virtual.scrollToIndex(next);
  };
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${now}"]`)?.focus());
  }, [now]);
  return (
    <>
      <div
        className="rows"
        role="grid"
        aria-label={`People, ${count(total, "row")}`}
        aria-rowcount={total + 1}
        aria-colcount={7}
        ref={box}
        onKeyDown={(e) => {
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 }[e.key];
          if (step !== undefined) {
            e.preventDefault();
            e.stopPropagation();
            move(now + step);
          } else if (e.key === "Enter" || e.key === " ") {
            e.preventDefault();
            onPick(rows[now]!.id);
            announce(`${rows[now]!.person.name} is shown beside the list`);
          }
        }}
      >
        <div className="g-h" role="row" aria-rowindex={1}>
          {["Name", "Employer", "Home station", "Team", "Away", "Needs", "State"].map((h) => <span key={h} role="columnheader">{h}</span>)}
        </div>
        <div className="g-b" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((v) => {
            const r = rows[v.index]!;
            return (
              <div
                key={r.id}
                role="row"
                aria-rowindex={v.index + 2}
                aria-selected={r.id === picked}
                tabIndex={v.index === now ? 0 : -1}
                data-row={v.index}
                className="g-r"
                style={{ transform: `translateY(${v.start}px)` }}
                onClick={() => { setAt(v.index); onPick(r.id); }}
              >
                <span role="gridcell" className="g-n"><SectorMark sector={r.sectorAtEnrolment} /> {r.person.name}</span>
                <span role="gridcell">{r.employerAtEnrolment.name}</span>
                <span role="gridcell">{r.homeStation?.name ?? <i className="sig">not known</i>}</span>
                <span role="gridcell">{r.team ? `${r.team.number} ${r.team.name}` : <i className="dim">–</i>}</span>
                <span role="gridcell">{r.awayOn?.length ? (r.awayOn.length === 1 ? short(r.awayOn[0]!) : count(r.awayOn.length, "day")) : <i className="dim">–</i>}</span>
                <span role="gridcell">{needsWord(r) || <i className="dim">–</i>}</span>
                <span role="gridcell" className={r.state === "INVITED" || r.state === "WAITLISTED" ? "g-s" : "mid"}>{enrolmentWord[r.state]}</span>
              </div>
            );
          })}
        </div>
      </div>
      <p className="g-f cap">{filtered ? `${count(total, "person is like that", "people are like that")}` : count(total, "person", "people")}{rows.length < total ? `, ${number(rows.length)} read` : ""}</p>
    </>
  );
}

export const needWord: Record<string, string> = { DIET: "diet", STEP_FREE: "step-free", ACCESS: "access" };
const needsWord = (r: PersonRow): string => [...new Set(r.needs?.map((n) => needWord[n.kind]) ?? [])].join(", ");

type Stands = NonNullable<StandingQuery["cohort"]>;
type Balance = NonNullable<Stands["balance"]>;
type Teams = NonNullable<Stands["teams"]>["nodes"];

function BalancePanel({ balance: b, teams }: { balance: Balance; teams: Teams }) {
  const few = Math.max(b.seats.public, b.taken.public) + Math.max(b.seats.private, b.taken.private) <= 44;
  return (
    <>
      <section>
        <h2>Balance</h2>
        <div className="ends"><span className="big">{number(b.taken.public)} <span className="t3">public</span></span><span className="big"><span className="t3">private</span> {number(b.taken.private)}</span></div>
        {few && <Tally {...b.taken} of={b.seats} size={5.8} pitch={296 / Math.max(1, Math.max(b.seats.public, b.taken.public) + Math.max(b.seats.private, b.taken.private))} />}
        <p className="mid b-t">{b.explain.levelSince && `Level at every change since ${short(b.explain.levelSince)}. `}{b.explain.text}</p>
        <table className="kvt">
          <thead><tr><th><span className="vh">What</span></th><th scope="col">public</th><th scope="col">private</th></tr></thead>
          <tbody>
            {([["Seats", b.seats], ["In", b.taken], ["Waiting", b.waiting], ["Left since they were accepted", b.explain.left], ["Of those, refilled", b.explain.refilled]] as const).map(([n, v]) => (
              <tr key={n}><th scope="row">{n}</th><td>{number(v.public)}</td><td>{number(v.private)}</td></tr>
            ))}
          </tbody>
        </table>
      </section>
      {teams.length > 0 && teams.length <= 12 && (
        <section>
          <h3>Teams <span>{capital(words(teams.length))}, as released</span></h3>
          <ul className="tms">
            {teams.map((t) => <li key={t.id}><b>{t.number}</b><span>{t.name}</span>{t.sectors && (t.sectors.public + t.sectors.private <= 12 ? <Tally {...t.sectors} /> : <span />)}{t.sectors && <PairCount {...t.sectors} />}</li>)}
          </ul>
        </section>
      )}
      <section><p className="mid">Choose a person to see and change what is known of them. An action that leaves the balance worse asks for a reason.</p></section>
    </>
  );
}
