import { memo, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { day, number } from "@/lib/format";
import { Button, Dialog } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { useSize } from "@/ui/size";
import type { Exposure, Visit } from "./board";
import { columnsFor, finding, fullWords, spread, type Column } from "./fairness";

/** Who sees what: one column a person, by team; hours travelled above, visit days below. */
export const FairnessStrip = memo(function FairnessStrip({ people, visits, selected, onPerson }: { people: readonly Exposure[]; visits: readonly Visit[]; selected: string | null; onPerson: (id: string) => void }) {
  const [table, setTable] = useState(false);
  const [ref, width] = useSize(944);
  const { days, columns } = columnsFor(people, visits);
  const s = spread(columns);
  return (
    <section className="pl-fair" aria-label="Who sees what" data-panel="">
      <header>
        <h2>Who sees what</h2>
        <span className="pl-find">{days.length === 0 ? "Nobody yet: the plan has no visit." : columns.length <= 120 ? "One column a person, by team. " : ""}{finding(columns, days)}</span>
        {columns.length > 0 && days.length > 0 && <span className="pl-far"><Button kind="bare" size="sm" onPress={() => setTable(true)}>As a table</Button></span>}
      </header>
      <div ref={ref} className="pl-strip">
        {columns.length > 0 && days.length > 0 && <Strip columns={columns} days={days} width={width} selected={selected} onPerson={onPerson} least={s.least} mid={s.middle} most={s.most} />}
      </div>
      {table && <FairnessTable columns={columns} days={days} onClose={() => setTable(false)} onPerson={(id) => { setTable(false); onPerson(id); }} />}
    </section>
  );
});

function Strip({ columns, days, width, selected, onPerson, least, mid, most }: { columns: readonly Column[]; days: readonly string[]; width: number; selected: string | null; onPerson: (id: string) => void; least: number; mid: number; most: number }) {
  const left = 148;
  const teams = new Map<number | null, Column[]>();
  for (const c of columns) teams.set(c.team?.number ?? null, [...(teams.get(c.team?.number ?? null) ?? []), c]);
  const gaps = Math.max(0, teams.size - 1);
  const room = width - left - 14;
  // Teams stand apart by half a column; where people are many, columns are thin and touch.
  const pitch = Math.min(26, room / (columns.length + gaps * 0.3));
  const bar = pitch > 6 ? Math.max(3, Math.min(14, pitch * 0.6)) : Math.max(1, pitch - (pitch > 3 ? 1 : 0));
  const top = 32;
  const height = (h: number) => Math.max(2, (h / Math.max(1, most)) * top);
  const step = Math.min(6, 31 / Math.max(1, days.length));
  let x = left + 3;
  const placed: { c: Column; x: number }[] = [];
  const labels: { x: number; number: number | null; name: string; to: number }[] = [];
  for (const [number_, all] of teams) {
    labels.push({ x, number: number_, name: all[0]!.team?.name ?? "no team", to: x + all.length * pitch });
    for (const c of all) {
      placed.push({ c, x });
      x += pitch;
    }
    x += pitch * 0.3;
  }
  const longest = columns.reduce((a, b) => (b.hours > a.hours ? b : a)).id;
  const shown = selected && columns.some((c) => c.id === selected) ? selected : longest;
  const named = placed.find((p) => p.c.id === shown)!;
  const label = `${named.c.name} ${number(named.c.hours, 1)} h`;
  const labelLeft = named.x + 8 * label.length > width - 20;
  const base = 42;
  const missing = columns.filter((c) => !c.there.every(Boolean)).length;
  return (
    <svg
      width={width}
      height={92}
      viewBox={`0 0 ${width} 92`}
      role="img"
      aria-label={`Hours travelled and visit days for each of ${columns.length} people: ${number(least, 1)} to ${number(most, 1)} hours, middle ${number(mid, 1)}; ${missing === 0 ? "nobody misses a day" : `${missing} miss a day or more`}. The same figures are in the table.`}
    >
      <text x="16" y="22" className="ax k">Hours travelled</text>
      <text x="16" y="36" className="ax">{number(least, 1)}–{number(most, 1)}, middle {number(mid, 1)}</text>
      <text x="16" y="58" className="ax k">Visit days seen</text>
      <text x="16" y="72" className="ax">{fullWords(columns, days)}</text>
      <path d={`M${left} ${base - height(mid)}H${width - 14}`} className="pl-mid" />
      {placed.map(({ c, x: cx }) => (
        <g key={c.id} onClick={() => onPerson(c.id)} className="pl-col">
          <rect x={cx - 1} y={0} width={pitch} height={78} fill="transparent" />
          <rect x={cx} y={base - height(c.hours)} width={bar} height={height(c.hours)} className={c.id === shown ? "inkf" : "pl-bar"} />
          {c.there.map((on, i) =>
            on ? (
              <rect key={i} x={cx} y={46 + i * step} width={bar} height={Math.max(1.5, step - 2)} className="pl-seen" />
            ) : (
              <path key={i} className="sigl" d={`M${cx} ${45 + i * step}l${bar} ${step - 0.5}M${cx + bar} ${45 + i * step}l${-bar} ${step - 0.5}`} />
            ),
          )}
        </g>
      ))}
      <text x={labelLeft ? named.x - 4 : named.x + bar + 4} y={20} textAnchor={labelLeft ? "end" : "start"} className="ax k pl-halo">{label}</text>
      {labels.map((l) => {
        const room_ = l.to - l.x;
        const first = l.name.split(" ")[0]!;
        return (
          <text key={l.number ?? "none"} x={l.x} y={89} className="ax">
            {l.number !== null && room_ > 9 && <tspan className="ax k">{l.number}</tspan>}
            {room_ > 22 + first.length * 6.6 ? ` ${first}` : ""}
          </text>
        );
      })}
    </svg>
  );
}

/** The same as a table; long lists draw only what is in sight. */
function FairnessTable({ columns, days, onClose, onPerson }: { columns: readonly Column[]; days: readonly string[]; onClose: () => void; onPerson: (id: string) => void }) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: columns.length, getScrollElement: () => scroll.current, estimateSize: () => 27, overscan: 12, initialRect: { width: 800, height: 420 } });
  return (
    <Dialog title="Who sees what" wide onClose={onClose} lede="Hours are there and back. A visit that could have been is counted as possible." foot={<Button onPress={onClose}>Close</Button>}>
      <div className="pl-ftab" ref={scroll} tabIndex={0} role="region" aria-label="Who sees what, as a table">
        <table className="pl-tab" aria-rowcount={columns.length + 1}>
          <thead>
            <tr>
              <th>Person</th><th className="r">Team</th><th className="r">Hours</th><th className="r">Visits, of possible</th>
              {days.map((d) => <th key={d} className="r">{day(d)}</th>)}
            </tr>
          </thead>
          <tbody>
            {rows.getVirtualItems()[0] && rows.getVirtualItems()[0]!.start > 0 && <tr style={{ height: rows.getVirtualItems()[0]!.start }} aria-hidden="true"><td /></tr>}
            {rows.getVirtualItems().map(({ index }) => {
              const c = columns[index]!;
              return (
                <tr key={c.id} aria-rowindex={index + 2}>
                  <th scope="row"><SectorMark sector={c.sector} /> <button type="button" className="pl-link" onClick={() => onPerson(c.id)}>{c.name}</button></th>
                  <td>{c.team?.number ?? "–"}</td>
                  <td>{number(c.hours, 1)}</td>
                  <td>{c.visits} of {c.attainable}</td>
                  {c.there.map((on, i) => <td key={i} className={on ? undefined : "sig"}>{on ? "there" : "misses it"}</td>)}
                </tr>
              );
            })}
            {rows.getTotalSize() - (rows.getVirtualItems().at(-1)?.end ?? 0) > 0 && <tr style={{ height: rows.getTotalSize() - (rows.getVirtualItems().at(-1)?.end ?? 0) }} aria-hidden="true"><td /></tr>}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
