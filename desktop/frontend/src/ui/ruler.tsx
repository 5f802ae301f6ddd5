import { dateOf, day, isWeekend } from "@/lib/format";
import { textScale, useSize } from "./size";

/** A day on the ruler: whether it counts, and the holiday for which it does not. */
export interface RulerDay {
  on: string;
  counts: boolean;
  holiday?: string;
}

/**
 * Working days as boxes: those that count are white, bank holidays hatched, weekends a gap. `marks` name the days that
 * matter; the label says what was counted.
 */
export function Ruler({ days, marks, label }: { days: readonly RulerDay[]; marks: readonly { on: string; name: string }[]; label: string }) {
  const [ref, shown] = useSize(304);
  const scale = textScale();
  const width = shown / scale;
  const pitch = Math.max(12, Math.min(40, (width - 2) / Math.max(1, days.length)));
  const every = pitch < 18 ? 2 : 1;
  const at = new Map(days.map((d, i) => [d.on, i * pitch + 1]));
  const holidays = days.filter((d) => d.holiday);
  const top = holidays.length > 0 ? 34 : 20;
  const names = new Map<string, string[]>();
  for (const m of marks) names.set(m.on, [...(names.get(m.on) ?? []), m.name]);
  return (
    <div ref={ref}>
      <svg width={shown} height={(top + 34) * scale} viewBox={`0 0 ${width} ${top + 34}`} role="img" aria-label={label} className="ruler">
        <defs>
          <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v5" className="hatch" /></pattern>
        </defs>
        {days.map((d) => {
          const x = at.get(d.on)!;
          return isWeekend(d.on) ? (
            <rect key={d.on} className="softf" x={x} y={top} width={pitch} height={13} />
          ) : (
            <rect key={d.on} className="box" x={x} y={top} width={pitch} height={13} fill={d.holiday ? "url(#hatch)" : "var(--sheet)"} />
          );
        })}
        {days.map((d, i) => (i % every === 0 || names.has(d.on)) && (
          <text key={d.on} className={names.has(d.on) ? "ax k" : "ax"} x={at.get(d.on)! + pitch / 2} y={top + 28} textAnchor="middle">{dateOf(d.on).getUTCDate()}</text>
        ))}
        {holidays.map((d) => (
          <g key={d.on}>
            <path className="tick" d={`M${at.get(d.on)! + pitch / 2} 15V${top}`} />
            <text className="ax" x={Math.min(at.get(d.on)! + pitch / 2, width - d.holiday!.length * 3.1)} y={11} textAnchor="middle">{d.holiday}</text>
          </g>
        ))}
        {[...names].map(([on, said]) => {
          const x = (at.get(on) ?? 0) + pitch / 2;
          const edge = x > width - 40 ? "end" : x < 40 ? "start" : "middle";
          return (
            <g key={on}>
              <path className="inkl" d={`M${x} ${top - 6}V${top + 5}`} />
              <rect className="inkf" x={x - 4} y={top + 2.5} width={8} height={8} />
              <text className="ax k" x={edge === "end" ? width : edge === "start" ? 0 : x} y={top - 9} textAnchor={edge}>{said.join(", ")}</text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** The days of a deadline's explanation, as the ruler wants them. */
export const rulerDays = (days: readonly { on: string; counts: boolean; holidays: readonly { name: string }[] }[]): RulerDay[] =>
  days.map((d) => ({ on: d.on, counts: d.counts, ...(d.holidays[0] ? { holiday: d.holidays[0].name } : {}) }));

/** "Fri 12 Apr to Tue 23 Apr" */
export const span = (days: readonly { on: string }[]): string => (days.length ? `${day(days[0]!.on)} to ${day(days[days.length - 1]!.on)}` : "");
