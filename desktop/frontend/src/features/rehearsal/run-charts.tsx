import { number } from "@/lib/format";
import type { Sector } from "@/gql/graphql";
import { useSize } from "@/ui/size";
import { differenceWords } from "./figures";
import { minutes } from "./run";

const Glyph = ({ sector, x, y }: { sector: Sector; x: number; y: number }) =>
  sector === "PUBLIC" ? <rect className="g-pub" x={x} y={y} width="8" height="8" /> : <circle className="g-pri" cx={x + 4.5} cy={y + 4} r="3.65" />;

export interface SectionBar {
  id: string;
  title: string;
  speaker: { name: string; sector: Sector } | null;
  target: number;
  now: number;
  last: number | null;
  best: number | null;
}

/** A bar a section, its target as a stroke, last run and best run under it. Ink is what ran over most. */
export function TimeBySection({ sections }: { sections: readonly SectionBar[] }) {
  const [ref, width] = useSize(560);
  const left = Math.min(190, Math.max(120, width * 0.27));
  const most = Math.max(...sections.flatMap((s) => [s.target, s.now, s.last ?? 0, s.best ?? 0]), 1);
  const x = (ms: number) => left + (ms / most) * (width - left - 96);
  const named = sections.findIndex((s) => s.last !== null || s.best !== null);
  const over = sections.filter((s) => s.now - s.target >= 1000).map((s) => `${s.title} ${differenceWords(s.now - s.target)}`);
  const room = (text: string, from: number) => from + text.length * 6.4 > width;
  return (
    <div ref={ref}>
      <svg width={width} height={22 + sections.length * 40} viewBox={`0 0 ${width} ${22 + sections.length * 40}`} role="img" aria-label={over.length ? `Over target: ${over.join(", ")}. All figures are in the table.` : "No section ran over its target. All figures are in the table."}>
        {sections[0] && <text x={x(sections[0].target)} y="11" textAnchor="middle" className="ax">target</text>}
        {sections.map((s, i) => {
          const y = 22 + i * 40;
          const hot = s.now - s.target >= Math.max(5000, s.target * 0.1);
          const words = `${minutes(s.now)}, ${differenceWords(s.now - s.target)}`;
          const beside = Math.max(x(s.now), x(s.target)) + 8;
          return (
            <g key={s.id}>
              <text x="0" y={y + 8} className="ax k">{clipped(s.title, left - 8)}</text>
              {s.speaker && <><Glyph sector={s.speaker.sector} x={0} y={y + 16} /><text x="14" y={y + 24} className="ax">{clipped(s.speaker.name, left - 22)}</text></>}
              <rect className={hot ? "tsec-over" : "tsec"} x={left} y={y} width={Math.max(0, x(s.now) - left)} height="13" />
              <path className="inkl" strokeWidth={2.4} d={`M${x(s.target)} ${y - 5}v23`} />
              <text className={hot ? "ax k" : "ax"} x={room(words, beside) ? width : beside} y={y + 11} textAnchor={room(words, beside) ? "end" : "start"}>{words}</text>
              {s.best !== null && <circle cx={x(s.best)} cy={y + 21} r="3.6" className="sheetf" stroke="var(--ink-2)" strokeWidth="1.6" />}
              {s.last !== null && <path d={`M${x(s.last) - 3.6} ${y + 24.5}h7.2l-3.6 -7z`} fill="var(--ink-2)" />}
              {i === named && s.best !== null && <text x={x(s.best) + (s.last !== null && s.last < s.best ? 8 : -8)} y={y + 25} textAnchor={s.last !== null && s.last < s.best ? "start" : "end"} className="ax">best</text>}
              {i === named && s.last !== null && <text x={x(s.last) + (s.best !== null && s.last < s.best ? -8 : 8)} y={y + 25} textAnchor={s.best !== null && s.last < s.best ? "end" : "start"} className="ax">last run</text>}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

// A label that must stand on one line of a drawing; the table beside it has the name whole.
const clipped = (text: string, width: number): string => (text.length * 6.6 <= width ? text : `${text.slice(0, Math.max(4, Math.floor(width / 6.6) - 1))}…`);

/** Fifty equally likely days, one dot each, and the end of the slot. */
export function Days({ seconds, slot }: { seconds: readonly number[]; slot: number }) {
  const [ref, width] = useSize(270);
  const least = Math.min(...seconds, slot);
  const most = Math.max(...seconds, slot);
  const pad = Math.max(5, (most - least) * 0.06);
  const x = (s: number) => 12 + ((s - least + pad) / (most - least + 2 * pad)) * (width - 24);
  const bin = Math.max(0.5, ((most - least + 2 * pad) * 9.5) / (width - 24));
  const stacks = new Map<string, { over: boolean; at: number; n: number }>();
  for (const s of seconds) {
    const over = s > slot;
    // Days within and over the slot never share a stack.
    const k = over ? Math.floor((s - slot - 1e-6) / bin) : -1 - Math.floor((slot - s) / bin);
    const name = String(k);
    const before = stacks.get(name);
    if (before) before.n++;
    else stacks.set(name, { over, at: slot + (k + 0.5) * bin, n: 1 });
  }
  const highest = Math.max(1, ...[...stacks.values()].map((s) => s.n));
  const base = Math.max(84, 34 + highest * 9.5);
  const step = [10, 20, 30, 60, 120, 300].find((s) => (most - least) / s <= 4) ?? 600;
  const ticks: number[] = [];
  for (let t = Math.ceil((least - pad) / step) * step; t <= most + pad; t += step) ticks.push(t);
  const over = seconds.filter((s) => s > slot).length;
  return (
    <div ref={ref}>
      <svg width={width} height={base + 20} viewBox={`0 0 ${width} ${base + 20}`} role="img" aria-label={`${over} of ${seconds.length} equally likely days run over the ${minutes(slot * 1000)} slot`}>
        <path className="inkl" d={`M${x(slot)} 8V${base + 4}`} />
        <text className="ax k" x={x(slot) > width - 110 ? x(slot) - 5 : x(slot) + 5} y="16" textAnchor={x(slot) > width - 110 ? "end" : "start"}>{minutes(slot * 1000)} slot ends</text>
        <path className="tick" d={`M8 ${base}H${width - 8}`} />
        {ticks.map((t) => <text key={t} className="ax" x={Math.max(14, Math.min(width - 14, x(t)))} y={base + 16} textAnchor="middle">{minutes(t * 1000)}</text>)}
        {[...stacks].flatMap(([k, s]) => Array.from({ length: s.n }, (_, i) => <circle key={`${k} ${i}`} className={s.over ? "dot-over" : "dot-in"} cx={x(s.at)} cy={base - 6 - i * 9.5} r="4" />))}
      </svg>
    </div>
  );
}

export interface RangeRow {
  id: string;
  name: string;
  sector: Sector;
  value: number | null;
  usual: { low: number; high: number; runs: number } | null;
  /** Why there is no value. */
  refused: string | null;
}

/** Each speaker's pitch range as a stroke on the band of their own earlier runs. */
export function PitchRange({ rows }: { rows: readonly RangeRow[] }) {
  const [ref, width] = useSize(304);
  const measured = rows.filter((r) => r.value !== null);
  const most = Math.max(8, ...measured.flatMap((r) => [r.value!, r.usual?.high ?? 0])) * 1.05;
  const left = 96;
  const x = (v: number) => left + (v / most) * (width - left - 44);
  const outside = (r: RangeRow) => r.value !== null && r.usual !== null && r.value < r.usual.low;
  const flat = measured.filter(outside).map((r) => r.name);
  const banded = measured.some((r) => r.usual);
  return (
    <div ref={ref}>
      <svg width={width} height={rows.length * 23 + 24} viewBox={`0 0 ${width} ${rows.length * 23 + 24}`} role="img" aria-label={flat.length ? `Flatter than in earlier runs: ${flat.join(", ")}` : "Nobody was flatter than in their own earlier runs"}>
        {rows.map((r, i) => {
          const y = i * 23 + 9;
          return (
            <g key={r.id}>
              <Glyph sector={r.sector} x={0} y={y} />
              <text x="14" y={y + 9} className={outside(r) ? "ax k" : "ax"}>{clipped(r.name, left - 20)}</text>
              {r.usual && <rect className="rb-bar" x={x(r.usual.low)} y={y} width={Math.max(2, x(r.usual.high) - x(r.usual.low))} height="9" />}
              {r.value !== null ? <><path className={outside(r) ? "rb-now sig" : "rb-now"} d={`M${x(r.value)} ${y - 3}v15`} /><text x={width} y={y + 9} textAnchor="end" className={outside(r) ? "ax s" : "ax"}>{number(r.value, 1)}</text></> : <text x={left} y={y + 9} className="ax">{r.refused ? "no verdict" : "not recorded"}</text>}
            </g>
          );
        })}
        <text x={width} y={rows.length * 23 + 17} textAnchor="end" className="ax">{banded ? "band: own earlier runs, semitones" : "semitones; a band after two recorded runs"}</text>
      </svg>
    </div>
  );
}
