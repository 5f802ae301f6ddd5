import { number } from "@/lib/format";
import type { Sector } from "@/gql/graphql";
import { useSize } from "@/ui/size";

/** A mark in the shape of its person's sector. */
const Dot = ({ sector, x, y, size = 6 }: { sector: Sector; x: number; y: number; size?: number }) =>
  sector === "PUBLIC" ? <rect className="g-pub" x={x - size / 2} y={y - size / 2} width={size} height={size} /> : <circle className="g-pri" cx={x} cy={y} r={size / 2 - 0.7} />;

/**
 * One mark a person along an axis of hours, stacked where they fall together. `limit` is a labelled line; `zero` marks
 * "as before" for changes.
 */
export function DotPlot({ people, label, limit, zero, places = 0 }: {
  people: readonly { sector: Sector; hours: number }[];
  label: string;
  limit?: { hours: number; name: string };
  zero?: string;
  places?: number;
}) {
  const [ref, width] = useSize(304);
  const left = 10;
  const right = width - 14;
  const values = people.map((p) => p.hours);
  const least = Math.min(0, ...values);
  const most = Math.max(limit ? limit.hours : 0.5, ...values, zero ? 0.5 : 0);
  const from = zero ? Math.floor(least) : 0;
  const to = limit ? most * 1.02 : Math.ceil(most * 2) / 2;
  const x = (h: number) => left + ((h - from) / Math.max(0.1, to - from)) * (right - left);
  const bin = 8 / ((right - left) / Math.max(0.1, to - from)); // a mark is 6 px wide
  const stacks = new Map<number, { sector: Sector }[]>();
  for (const p of [...people].sort((a, b) => (a.sector === b.sector ? a.hours - b.hours : a.sector === "PUBLIC" ? -1 : 1))) {
    const k = Math.round(p.hours / bin);
    stacks.set(k, [...(stacks.get(k) ?? []), p]);
  }
  const highest = Math.max(1, ...[...stacks.values()].map((s) => s.length));
  // Many people share a mark's place: the pitch shrinks before the drawing grows out of its box.
  const pitch = Math.min(7.5, 92 / highest);
  const base = 24 + Math.max(30, highest * pitch) + 4;
  const step = to - from > 12 ? 3 : to - from > 6 ? 2 : to - from > 1.5 ? 1 : 0.5;
  const ticks: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to + 1e-6; t += step) ticks.push(t);
  return (
    <div ref={ref}>
      <svg width={width} height={base + 20} viewBox={`0 0 ${width} ${base + 20}`} role="img" aria-label={label} className="ruler">
        {zero && (
          <>
            <path className="inkl" strokeWidth={1} d={`M${x(0)} 8V${base}`} />
            <text className="ax" x={x(0) > width - 70 ? x(0) - 5 : x(0) + 5} y={16} textAnchor={x(0) > width - 70 ? "end" : "start"}>{zero}</text>
          </>
        )}
        <path className="tick" d={`M${left} ${base}H${right}`} />
        {ticks.map((t, i) => (
          <g key={t}>
            <path className="tick" d={`M${x(t)} ${base}v4`} />
            <text className="ax" x={x(t)} y={base + 16} textAnchor={i === ticks.length - 1 && x(t) > width - 24 ? "end" : "middle"}>
              {zero && t > 0 ? "+" : ""}{number(t, step < 1 ? 1 : places)}{i === ticks.length - 1 ? " h" : ""}
            </text>
          </g>
        ))}
        {[...stacks].flatMap(([k, all]) => all.map((p, i) => <Dot key={`${k} ${i}`} sector={p.sector} x={x(k * bin)} y={base - 5 - i * pitch} />))}
        {limit && (
          <>
            <path className="sigl" d={`M${x(limit.hours)} ${base - 26}V${base + 4}`} />
            <text className="ax s" x={Math.min(x(limit.hours) + 6, width)} y={Math.min(base - 32, 16)} textAnchor="end">{limit.name}</text>
          </>
        )}
      </svg>
    </div>
  );
}

/** Plan and bound over time, closing on each other: a step line each, the gap between them named. */
export function GapChart({ steps, seconds, label }: {
  steps: readonly { at: number; best: number; bound: number | null }[];
  /** How long it may take. */
  seconds: number;
  label: string;
}) {
  const [ref, width] = useSize(304);
  const height = 150;
  // To the right of the lines there is room for their names.
  const left = 8;
  const right = width - 148;
  const bottom = 128;
  const now = Math.max(...steps.map((s) => s.at), 0);
  const end = Math.max(1, now > seconds ? now : Math.min(seconds, Math.max(now, 2)));
  const x = (s: number) => left + (s / end) * (right - left);
  const bounds = steps.flatMap((s) => (s.bound === null ? [] : [s.bound]));
  const all = [...steps.map((s) => s.best), ...bounds];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const y = (v: number) => 14 + (1 - (v - low) / Math.max(1, high - low)) * (bottom - 26);
  const line = (points: { at: number; v: number }[]) =>
    points.map((p, i) => (i === 0 ? `M${x(p.at)} ${y(p.v)}` : `H${x(p.at)}V${y(p.v)}`)).join("") + (points.length ? `H${x(now)}` : "");
  const best = steps.map((s) => ({ at: s.at, v: s.best }));
  const bound = steps.flatMap((s) => (s.bound === null ? [] : [{ at: s.at, v: s.bound }]));
  const lastBest = best[best.length - 1];
  const lastBound = bound[bound.length - 1];
  const apart = lastBest && lastBound ? Math.abs(y(lastBound.v) - y(lastBest.v)) : 0;
  const beside = { x: x(now) + 14, anchor: "start" as const };
  const mid = lastBest && lastBound ? (y(lastBest.v) + y(lastBound.v)) / 2 : 0;
  const above = Math.max(12, (lastBest ? y(lastBest.v) : 0) - 5);
  const stepSize = end > 12 ? 5 : end > 5 ? 2 : 1;
  const ticks = Array.from({ length: Math.floor(end / stepSize) + 1 }, (_, i) => i * stepSize);
  return (
    <div ref={ref}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} className="ruler">
        <path className="inkl" d={line(best)} />
        <path className="inkl" d={line(bound)} strokeDasharray="3 3" />
        {lastBest && lastBound && apart > 3 && <path className="inkl" d={`M${x(now) + 4} ${y(lastBest.v)}V${y(lastBound.v)}M${x(now)} ${y(lastBest.v)}h8M${x(now)} ${y(lastBound.v)}h8`} />}
        {lastBest && <text className="ax k" x={beside.x} y={above} textAnchor={beside.anchor}>best plan so far</text>}
        {lastBound && apart > 44 && <text className="ax" x={beside.x} y={mid + 4} textAnchor={beside.anchor}>gap</text>}
        {lastBound && <text className="ax k" x={beside.x} y={Math.min(bottom - 4, Math.max(y(lastBound.v) + 12, above + 16))} textAnchor={beside.anchor}>no plan can be below</text>}
        <path className="tick" d={`M${left} ${bottom}H${right}`} />
        {ticks.map((t, i) => (
          <g key={t}>
            <path className="tick" d={`M${x(t)} ${bottom}v4`} />
            <text className="ax" x={x(t)} y={144} textAnchor="middle">{t}{i === ticks.length - 1 ? " s" : ""}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}
