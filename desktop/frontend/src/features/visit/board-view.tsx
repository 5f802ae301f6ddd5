import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useCohort } from "@/lib/cohort";
import { day, length, list, mass, nationWord, short, spokenDay, times } from "@/lib/format";
import { CoastMap } from "@/ui/map";
import { Cross, PairCount, Tally, Tick } from "@/ui/marks";
import { hostOf, openDays, slotDays, townOf, type DayRow, type Exposure, type Row, type ThinRow, type Visit, type Week } from "./board";
import { groupsAt, verdictAt, verdictWords, weekVerdict } from "./moving";
import type { Lift } from "./lift";
import type { PeopleLift } from "./people-lift";
import { useSlide } from "./slide";

/** What is looked at in the inspector. */
export type Selected =
  | { kind: "plan" }
  | { kind: "visit"; id: string }
  | { kind: "offer"; id: string }
  | { kind: "person"; id: string }
  | { kind: "day"; on: string | null; week: number };

interface Props {
  rows: readonly Row[];
  columns: readonly string[];
  visits: readonly Visit[];
  people: readonly Exposure[];
  selected: Selected;
  /** Offers whose visits changed just now. */
  changed: ReadonlySet<string>;
  /** Offers that what is looked at would give up. */
  gone: ReadonlySet<string>;
  lift: Lift | null;
  carried: PeopleLift | null;
  onSelect: (s: Selected) => void;
  onGrab: (e: PointerEvent, v: Visit) => void;
  wasDrag: () => boolean;
  onLift: (v: Visit) => void;
  onPin: (v: Visit) => void;
  /** Keys while something is lifted; true when the key was taken. */
  onLiftKey: (e: KeyboardEvent) => boolean;
  foot?: ReactNode;
}

interface Spot {
  row: string;
  col: number;
}

/** The cells of a row that can be reached by the arrows: its head, then its visits or empty places. */
const reach = (row: Row): number => (row.kind === "thin" ? 1 : 1 + row.cells.reduce((n, c) => n + Math.max(1, c.visits.length), 0));

/** Weeks by groups. One tab stop; arrows go from cell to cell. */
export function BoardView(p: Props) {
  const frame = useCohort();
  const grid = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot>({ row: "", col: 1 });
  const wish = useRef(1);
  const there = p.rows.find((r) => r.key === spot.row);
  const current: Spot = there
    ? { row: spot.row, col: Math.min(spot.col, reach(there) - 1) }
    : { row: (p.rows.find((r) => r.kind === "day") ?? p.rows[0])?.key ?? "", col: p.rows.some((r) => r.kind === "day") ? 1 : 0 };
  const moving = p.lift !== null;
  const home = useMemo(() => new Map(p.people.map((e) => [e.enrolment.id, e.enrolment.homeStation])), [p.people]);
  useSlide(grid, p.visits, !moving);

  const focusSpot = (s: Spot) => {
    setSpot(s);
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-spot="${CSS.escape(`${s.row} ${s.col}`)}"]`)?.focus());
  };

  // A lifted visit has no cell of its own: the board itself hears the keys until it is put down.
  const wasMoving = useRef(false);
  const liftedId = p.lift?.visit.id;
  const lastLifted = useRef<string | undefined>(undefined);
  const busy = moving || p.carried !== null;
  useEffect(() => {
    if (busy && !wasMoving.current) grid.current?.focus({ preventScroll: true });
    if (!busy && wasMoving.current) {
      const cell = grid.current?.querySelector<HTMLElement>(`[data-visit="${CSS.escape(lastLifted.current ?? "")}"]`);
      const [row, col] = cell?.dataset.spot?.split(" ") ?? [];
      if (row !== undefined && document.activeElement === grid.current) focusSpot({ row, col: Number(col) });
    }
    wasMoving.current = busy;
    if (liftedId) lastLifted.current = liftedId;
  }, [busy, liftedId]);
  const atWeek = p.lift ? frame.programme.weeks.find((w) => w.startsOn <= p.lift!.at.on && p.lift!.at.on <= w.endsOn)?.number : undefined;
  useEffect(() => {
    if (atWeek !== undefined && !p.lift?.byPointer) grid.current?.querySelector(".pl-slots")?.scrollIntoView({ block: "nearest" });
  }, [atWeek, p.lift?.byPointer]);

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if ((p.lift || p.carried) && p.onLiftKey(e)) {
      e.preventDefault();
      e.stopPropagation();
      return;
    }
    const at = p.rows.findIndex((r) => r.key === current.row);
    const row = p.rows[at];
    if (!row) return;
    const go = (r: number, c: number) => {
      const next = p.rows[Math.max(0, Math.min(p.rows.length - 1, r))];
      if (next) focusSpot({ row: next.key, col: Math.max(0, Math.min(reach(next) - 1, c)) });
    };
    const sideways = (c: number) => {
      wish.current = Math.max(0, Math.min(reach(row) - 1, c));
      go(at, wish.current);
    };
    switch (e.key) {
      case "ArrowDown": go(at + 1, wish.current); break;
      case "ArrowUp": go(at - 1, wish.current); break;
      case "ArrowRight": sideways(current.col + 1); break;
      case "ArrowLeft": sideways(current.col - 1); break;
      case "Home": sideways(0); break;
      case "End": sideways(reach(row) - 1); break;
      case "PageDown": go(p.rows.length - 1, wish.current); break;
      case "PageUp": go(0, wish.current); break;
      default: return;
    }
    e.preventDefault();
    e.stopPropagation();
  };

  const seen = new Set<number>();
  const slotsRow = (week: Week) => (
    <SlotsRow key={`slots-${week.number}`} week={week} lift={p.lift!} visits={p.visits} />
  );

  return (
    <section className="pl-board" aria-label="Board" data-panel="">
      <div
        ref={grid}
        className={moving ? "pl-grid moving" : p.carried ? "pl-grid carrying" : "pl-grid"}
        role="grid"
        aria-label={moving ? `Where ${hostOf(p.lift!.visit.offer.site)} could go. Arrows choose a day and a week, Tab the group, Enter keeps it, Escape puts it back.` : p.carried ? `Where ${p.carried.name} could go. Up and down choose a visit day, Tab a group, Enter keeps it, Escape puts them back.` : "Weeks by groups"}
        tabIndex={busy ? 0 : -1}
        onKeyDown={onKeyDown}
        style={{ "--cols": p.columns.length } as CSSProperties}
      >
        <div className="pl-head" role="row">
          <span role="columnheader" className="pl-hw">Week</span>
          {p.columns.length > 2
            ? <span role="columnheader" className="pl-hall"><b>Groups {p.columns[0]} to {p.columns[p.columns.length - 1]}</b>, as the day is split</span>
            : p.columns.map((c) => <span role="columnheader" key={c}><b>Group {c}</b></span>)}
          <span role="columnheader" className="pl-hj">Journeys</span>
        </div>
        {p.rows.map((row) => {
          const number = row.week?.number;
          if (p.lift && number !== undefined && number === atWeek) {
            if (seen.has(number)) return null;
            seen.add(number);
            return slotsRow(row.week!);
          }
          return row.kind === "thin" ? (
            <Thin key={row.key} row={row} lift={p.lift} selected={p.selected} here={current.row === row.key} onSpot={setSpot} onSelect={p.onSelect} />
          ) : (
            <Day key={row.key} row={row} home={home} {...p} current={current} onSpot={(s) => { wish.current = s.col; setSpot(s); }} />
          );
        })}
      </div>
      {p.foot}
    </section>
  );
}

function Thin({ row, lift, selected, here, onSpot, onSelect }: { row: ThinRow; lift: Lift | null; selected: Selected; here: boolean; onSpot: (s: Spot) => void; onSelect: (s: Selected) => void }) {
  const frame = useCohort();
  const verdict = lift ? weekVerdict(frame, lift.lifted, row.week, lift.at.group) : null;
  const on = selected.kind === "day" && selected.week === row.week.number && selected.on === null;
  return (
    <div className="pl-row thin" role="row" data-week={row.week.number} data-from={row.week.startsOn}>
      <div className="pl-wk" role="rowheader">Week {row.week.number}</div>
      <div
        className={verdict ? "pl-verd" : "pl-note"}
        role="gridcell"
        aria-selected={on}
        data-spot={`${row.key} 0`}
        tabIndex={here && !lift ? 0 : -1}
        onFocus={() => onSpot({ row: row.key, col: 0 })}
        onClick={() => onSelect({ kind: "day", on: null, week: row.week.number })}
        onKeyDown={(e) => e.key === "Enter" && onSelect({ kind: "day", on: null, week: row.week.number })}
      >
        {verdict ? (
          <>{verdict.state === "breaks" ? <Cross /> : verdict.state === "fine" ? <Tick /> : null}<span>{verdict.words}</span></>
        ) : (
          <>{row.note}{row.letter && <> <b>{row.letter}</b></>}</>
        )}
      </div>
    </div>
  );
}

function Day({
  row, columns, current, onSpot, selected, lift, carried, changed, gone, onSelect, onGrab, wasDrag, onLift, onPin, home,
}: Props & { row: DayRow; current: Spot; onSpot: (s: Spot) => void; home: ReadonlyMap<string, { latitude: number; longitude: number } | null | undefined> }) {
  const frame = useCohort();
  const onDay = selected.kind === "day" && selected.on === row.on;
  const verdict = lift && row.week ? weekVerdict(frame, lift.lifted, row.week, lift.at.group) : null;
  const off = carried?.at.on === row.on && carried.at.groupId === null;
  const spotOf = (col: number) => `${row.key} ${col}`;
  const tab = (col: number) => (current.row === row.key && current.col === col && !lift ? 0 : -1);
  const all = row.cells.flatMap((c) => c.visits);
  const lettered = columns.length > 2;
  let col = 0;
  return (
    <div className="pl-row day" role="row" data-week={row.week?.number} data-from={row.on} style={{ "--mine": Math.max(1, row.cells.length) } as CSSProperties}>
      <div
        className={`pl-wk${off ? ` at${carried!.verdict?.breaks ? " bad" : ""}` : ""}`}
        role="rowheader"
        data-spot={spotOf(0)}
        data-off={row.on}
        tabIndex={tab(0)}
        aria-selected={onDay}
        onFocus={() => onSpot({ row: row.key, col: 0 })}
        onClick={() => onSelect({ kind: "day", on: row.on, week: row.week?.number ?? 0 })}
        onKeyDown={(e) => e.key === "Enter" && !carried && onSelect({ kind: "day", on: row.on, week: row.week?.number ?? 0 })}
      >
        {row.week ? `Week ${row.week.number}` : <span className="sig">Outside</span>}
        <b>{day(row.on)}</b>
        <i>{verdict ? <>{verdict.state === "breaks" ? <Cross /> : verdict.state === "fine" ? <Tick /> : null} {inHead(verdict.words)}</> : carried ? (off ? "off this day" : carried.from.on === row.on ? "from here" : "") : row.note}</i>
      </div>
      <div role="presentation" className={lettered ? "pl-groups many" : "pl-groups"}>
      {row.cells.map((cell) => (
        <div key={cell.group} role="presentation" className="pl-cell">
          {cell.visits.length === 0 && (
            <div role="gridcell" className="pl-none" data-spot={spotOf(++col)} tabIndex={tab(col)} aria-label={`${spokenDay(row.on)}: no group ${cell.group}`} onFocus={((c) => () => onSpot({ row: row.key, col: c }))(col)} />
          )}
          {cell.visits.map((v) => {
            const c = ++col;
            return (
              <VisitCell
                key={v.id}
                visit={v}
                share={row.cells.length}
                letter={lettered ? v.group.name : null}
                spot={spotOf(c)}
                tabIndex={tab(c)}
                selected={selected.kind === "visit" && selected.id === v.id}
                changed={changed.has(v.offer.id)}
                gone={v.state === "CANCELLED" || gone.has(v.offer.id)}
                carried={carried}
                onFocus={() => onSpot({ row: row.key, col: c })}
                onClick={() => !wasDrag() && onSelect({ kind: "visit", id: v.id })}
                onEnter={() => onSelect({ kind: "visit", id: v.id })}
                onGrab={(e) => onGrab(e, v)}
                onLift={() => onLift(v)}
                onPin={() => onPin(v)}
              />
            );
          })}
        </div>
      ))}
      </div>
      <div className="pl-map" role="gridcell">
        <CoastMap
          width={58}
          height={lift ? 52 : 70}
          label={`Journeys to ${list(all.map((v) => v.offer.site.station.name))}`}
          sites={all.map((v) => ({ latitude: v.offer.site.station.latitude, longitude: v.offer.site.station.longitude }))}
          ways={all.flatMap((v) => (v.group.members ?? []).flatMap((m) => { const from = home.get(m.id); return from ? [{ from, to: v.offer.site.station }] : []; })).slice(0, 120)}
        />
      </div>
    </div>
  );
}

function VisitCell({
  visit: v, share, letter, spot, tabIndex, selected, changed, gone, carried, onFocus, onClick, onEnter, onGrab, onLift, onPin,
}: {
  visit: Visit; share: number; letter: string | null; spot: string; tabIndex: number; selected: boolean; changed: boolean; gone: boolean; carried: PeopleLift | null;
  onFocus: () => void; onClick: () => void; onEnter: () => void; onGrab: (e: PointerEvent) => void; onLift: () => void; onPin: () => void;
}) {
  const { programme } = useCohort();
  const { site } = v.offer;
  const names = v.deadlines?.find((d) => d.kind === "NAMES");
  const abroad = site.station.nation !== programme.officeNation;
  const sectors = v.group.sectors;
  const n = sectors ? sectors.public + sectors.private : (v.group.members?.length ?? 0);
  const at = carried && carried.at.on === v.on && carried.at.groupId === v.group.id;
  const bad = v.broken.length > 0;
  return (
    <div
      role="gridcell"
      className={["pl-vis", changed ? "changed" : "", gone ? "off" : "", at ? (carried.verdict?.breaks ? "at bad" : "at") : ""].filter(Boolean).join(" ")}
      aria-selected={selected}
      data-visit={v.id}
      data-where={`${v.on} ${v.group.name}`}
      data-group={v.group.id}
      data-on={v.on}
      data-spot={spot}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={onClick}
      onPointerDown={onGrab}
      onKeyDown={(e) => {
        if (e.ctrlKey || e.metaKey || e.altKey || carried) return;
        if (e.key === "Enter") onEnter();
        else if (e.key === "m" || e.key === "M") onLift();
        else if (e.key === "l" || e.key === "L") onPin();
        else return;
        e.preventDefault();
        e.stopPropagation();
      }}
    >
      <span className={abroad || hostOf(site).length > 17 ? "pl-nm far" : "pl-nm"}>{letter && <i>{letter} </i>}{hostOf(site)}{abroad && <small> {nationWord[site.station.nation]}</small>}</span>
      <span className="pl-due num">{times(v.startsAt, v.endsAt, programme.timeZone)}</span>
      {bad ? (
        <span className="pl-meta sig"><Cross /> {v.broken.length === 1 ? v.broken[0]!.text : `${v.broken.length} rules break`}</span>
      ) : (
        <span className="pl-meta">{townOf(site.station.name)} · {v.offer.themes.map((t) => t.name).join(", ")}</span>
      )}
      <span className={names?.state === "LATE" ? "pl-due sig" : "pl-due"}>
        {stateWord(v)}{names ? `names by ${short(names.dueOn)}` : ""}
      </span>
      <span className="pl-ln">
        {sectors && n <= (share === 1 ? 60 : share === 2 ? 28 : 16) ? <Tally {...sectors} {...tallyOf(n, share)} /> : sectors ? <PairCount {...sectors} /> : null}
        <span className="num">{length(v.travel.middleMinutes)}</span>
        <span className="num dim">{mass(v.travel.gramsCo2e)}</span>
        {v.pinned && <span className="pl-pin"><Lock /> pinned</span>}
      </span>
      {at && carried.words && <span className={carried.verdict?.breaks ? "pl-carry sig" : "pl-carry"}>{carried.words}</span>}
    </div>
  );
}

/** A week's verdict where it has the width of a date: "opens 23 Apr". */
const inHead = (words: string): string => words.replace(/^host(?:'s|’s)? /, "").replace(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\u00a0/g, "");

/** The size of a tally's marks, so that a group's tally has its room and no more. */
const tallyOf = (n: number, share: number): { size: number; pitch: number } => {
  const pitch = share === 1 ? Math.min(9.1, 350 / n) : Math.min(7.5, (share === 2 ? 140 : 112) / n);
  return { size: Math.min(7, pitch - 1.9), pitch };
};

const stateWord = (v: Visit): ReactNode =>
  v.state === "AT_RISK" ? <b className="sig">at risk · </b> : v.state === "CONFIRMED" ? <b>confirmed · </b> : v.state === "CANCELLED" ? <b>called off</b> : v.state === "DONE" ? <b>done · </b> : null;

/** A lock: planning leaves it where it is. Always beside a word. */
export const Lock = () => (
  <svg className="ic" viewBox="0 0 14 14" aria-hidden="true">
    <rect x="2.5" y="6" width="9" height="6.5" fill="currentColor" />
    <path d="M4.5 6V4.2a2.5 2.5 0 015 0V6" fill="none" stroke="currentColor" strokeWidth="1.5" />
  </svg>
);

/** The days of the week under a lifted visit, each with what would follow. */
function SlotsRow({ week, lift, visits }: { week: Week; lift: Lift; visits: readonly Visit[] }) {
  const frame = useCohort();
  const { visit, at, lifted } = lift;
  const own = visit.group.name;
  const open = new Set(openDays(lifted.offer));
  const days = slotDays(week, new Set([...open, ...visits.map((v) => v.on)]));
  return (
    <div className="pl-row pl-slotrow" role="row" data-week={week.number}>
      <div className="pl-wk" role="rowheader">
        Week {week.number}
        <b>Choose a day</b>
        <i>← → day<br />↑ ↓ week</i>
      </div>
      <div className="pl-slots" role="gridcell" style={{ gridTemplateColumns: `repeat(${days.length},minmax(0,1fr))` }}>
        {days.map((on) => {
          const slot = { on, group: at.on === on ? at.group : own };
          const v = verdictAt(frame, lifted, slot);
          const here = at.on === on;
          const others = visits.filter((o) => o.on === on && o.id !== visit.id);
          const groups = groupsAt(visits, visit, on);
          const holiday = v.broken.some((b) => b.rule === "BANK_HOLIDAY");
          const from = on === visit.on;
          return (
            <div
              key={on}
              data-slot={on}
              className={["pl-slot", v.state === "breaks" ? "bad" : "", here ? "at" : "", from ? "from" : "", holiday && !here ? "hol" : ""].filter(Boolean).join(" ")}
            >
              {v.state === "breaks" ? <Cross /> : v.state === "fine" ? <Tick /> : <span className="dim">{v.state === "now" ? "now" : "…"}</span>}
              <b>{day(on)}</b>
              <span className="pl-sv">
                {from && v.state === "now" ? `group ${own} ${here ? "is here" : "leaves from here"}` : verdictWords(v)}
              </span>
              {others.length > 0 && <span className="pl-so">{list(others.slice(0, 3).map((o) => `${o.group.name} ${hostOf(o.offer.site)}`))}</span>}
              {here && groups.length > 1 && <span className="pl-so">as group {at.group} <kbd>Tab</kbd></span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}
