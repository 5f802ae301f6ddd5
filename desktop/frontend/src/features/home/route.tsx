import type { CohortFrame } from "@/lib/cohort";
import { daysBetween, hostName, list, short, spokenDay } from "@/lib/format";
import { textScale, useSize } from "@/ui/size";
import type { HomeVisit } from ".";

const textWidth = (text: string) => text.length * 6.3;

/** The programme as a line: days pass from left to right, a visit day is a stop, two hosts on a day are a loop. */
export function Route({ frame, visits, draft }: { frame: CohortFrame; visits: HomeVisit[]; draft: boolean }) {
  const [ref, shown] = useSize(1232);
  // Drawn for the text as it is usually set, and shown as much larger as the person has set it.
  const scale = textScale();
  const width = shown / scale;
  const p = frame.programme;
  const left = 14;
  const right = width - 22;
  const days = Math.max(1, daysBetween(p.startsOn, p.endsOn));
  const x = (date: string) => left + (Math.max(-0.5, Math.min(days + 0.5, daysBetween(p.startsOn, date))) / days) * (right - left);
  const stops = [...new Set(visits.filter((v) => v.state !== "CANCELLED").map((v) => v.on))].sort().map((on) => ({ on, at: visits.filter((v) => v.on === on && v.state !== "CANCELLED").sort((a, b) => a.group.name.localeCompare(b.group.name)) }));
  const passed = (on: string) => !draft && on < p.today;
  const risky = (s: (typeof stops)[number]) => s.at.some((v) => v.state === "AT_RISK");

  // Labels stand above their stop; where two would touch, the later one goes a line up.
  const tops: { x: number; text: string; level: number; anchor: "start" | "middle" | "end"; risk?: boolean }[] = [];
  const place = (at: number, text: string, anchor: "start" | "middle" | "end" = "middle", risk = false) => {
    const w = textWidth(text);
    const from = anchor === "start" ? at : anchor === "end" ? at - w : at - w / 2;
    const clash = (level: number) => tops.some((t) => { const tw = textWidth(t.text); const tf = t.anchor === "start" ? t.x : t.anchor === "end" ? t.x - tw : t.x - tw / 2; return t.level === level && from < tf + tw + 6 && tf < from + w + 6; });
    tops.push({ x: at, text, level: clash(0) ? 1 : 0, anchor, risk });
  };
  // Under a loop stands its second host, or how many more there are where that would touch the loop before.
  let reach = left + 64;
  const bottoms = new Map<string, string>();
  for (const s of stops.filter((s) => s.at.length > 1)) {
    const name = hostName(s.at[1]!.offer.site);
    const more = s.at.length - 2;
    const text = [more > 0 ? `${name} and ${more} more` : name, `and ${more + 1} more`].find((t) => x(s.on) - textWidth(t) / 2 > reach) ?? `+${more + 1}`;
    bottoms.set(s.on, text);
    reach = x(s.on) + textWidth(text) / 2 + 6;
  }
  const ends = [p.milestones.find((m) => m.on === p.startsOn)?.name ?? "First day", p.milestones.find((m) => m.on === p.endsOn)?.name ?? "Last day"];
  place(left - 6, ends[0]!, "start");
  place(right + 14, ends[1]!, "end");
  for (const s of stops) place(x(s.on), hostName(s.at[0]!.offer.site), "middle", s.at[0]!.state === "AT_RISK");
  for (const m of p.milestones.filter((m) => m.on > p.startsOn && m.on < p.endsOn)) place(x(m.on), m.name);

  const holidays = new Map<string, { name: string; on: string[] }>();
  // Only where the office or a host keeps them.
  const nations = new Set([p.officeNation, ...visits.map((v) => v.offer.site.station.nation)]);
  for (const h of p.weeks.flatMap((w) => w.bankHolidays).filter((h) => nations.has(h.nation))) {
    const group = /good friday|easter/i.test(h.name) ? "Easter" : h.name;
    const g = holidays.get(group) ?? { name: group, on: [] };
    if (!g.on.includes(h.date)) g.on.push(h.date);
    holidays.set(group, g);
  }
  const lifted = tops.some((t) => t.level === 1);
  const y = 48 + (lifted ? 14 : 0) + (holidays.size > 0 ? 8 : 0);
  const height = y + 52;
  const line = (from: number, to: number, done: boolean) => <path d={`M${from} ${y}H${to}`} className={done ? "rt" : "rt to"} />;
  const label = `${p.weeks.length} weeks from ${spokenDay(p.startsOn)} to ${spokenDay(p.endsOn)}. ${stops.length === 0 ? "No visit is planned." : `${draft ? "A draft has " : ""}${stops.length} visit ${stops.length === 1 ? "day" : "days"}, ${stops.filter((s) => passed(s.on)).length} done: ${list(stops.map((s) => `${list(s.at.map((v) => hostName(v.offer.site)))} on ${spokenDay(s.on)}`))}.`}`;
  const todayX = x(p.today);
  const inside = p.today >= p.startsOn && p.today <= p.endsOn;
  return (
    <div className="route" tabIndex={0} role="group" aria-label="The programme as a line"><div ref={ref} className="route-in">
      <svg width={shown} height={height * scale} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {p.weeks.map((w) => (
          <g key={w.number}>
            <path d={`M${x(w.startsOn)} ${y + 38}v6`} className="tick" />
            {(width / p.weeks.length > 24 || w.number % 2 === 1) && <text x={x(w.startsOn) + 4} y={y + 48} className={w.startsOn <= p.today && p.today <= w.endsOn ? "ax k" : "ax"}>{w.number}</text>}
          </g>
        ))}
        {[...holidays.values()].map((h) => {
          const from = x([...h.on].sort()[0]!);
          const to = x([...h.on].sort().at(-1)!);
          const text = `${h.name}: ${h.on.length} ${h.on.length === 1 ? "day" : "days"} lost`;
          const mid = Math.max(textWidth(text) / 2, Math.min(width - textWidth(text) / 2, (from + to) / 2));
          return (
            <g key={h.name}>
              <path d={`M${from} 18v-4H${Math.max(to, from + 4)}v4`} className="brk-l" />
              <text x={mid} y={10} textAnchor="middle" className="ax">{text}</text>
            </g>
          );
        })}
        {stops.length === 0 ? line(left, right, false) : null}
        {stops.map((s, i) => {
          const at = x(s.on);
          const two = s.at.length > 1;
          const before = i === 0 ? left : x(stops[i - 1]!.on) + (stops[i - 1]!.at.length > 1 ? 30 : 0);
          const reached = !draft && (passed(s.on) || s.on === p.today || i === stops.findIndex((o) => !passed(o.on)));
          const cls = reached ? "rt" : "rt to";
          const next = stops[i + 1] ? x(stops[i + 1]!.on) - (stops[i + 1]!.at.length > 1 ? 32 : 8) : right - 10;
          // The date of a loop stands right of it, or left where the next stop is near.
          const aside = next - at > 90;
          const nearNow = Math.abs(x(p.today) - at) < 24;
          const dot = risky(s) ? "dot risk" : passed(s.on) ? "dot done" : reached ? "dot" : "dot to";
          return (
            <g key={s.on}>
              {line(before, two ? at - 30 : at, reached)}
              {two && <path className={cls} d={`M${at - 30} ${y}C${at - 22} ${y} ${at - 22} ${y - 9} ${at - 14} ${y - 9}H${at + 14}C${at + 22} ${y - 9} ${at + 22} ${y} ${at + 30} ${y}M${at - 30} ${y}C${at - 22} ${y} ${at - 22} ${y + 9} ${at - 14} ${y + 9}H${at + 14}C${at + 22} ${y + 9} ${at + 22} ${y} ${at + 30} ${y}`} />}
              {two ? (<><circle className={dot} cx={at} cy={y - 9} r={5} /><circle className={dot} cx={at} cy={y + 9} r={5} /></>) : <circle className={dot} cx={at} cy={y} r={6} />}
              <text className="ax" x={two ? (aside ? at + 42 : at - 42) : nearNow ? at + 10 : at} y={two ? y - 6 : y + 22} textAnchor={two ? (aside ? "start" : "end") : nearNow ? "start" : "middle"}>{short(s.on)}</text>
              {two && <text className={s.at[1]!.state === "AT_RISK" ? "ax k s" : "ax k"} x={at} y={y + 29} textAnchor="middle">{bottoms.get(s.on)}</text>}
            </g>
          );
        })}
        {stops.length > 0 && line(x(stops.at(-1)!.on) + (stops.at(-1)!.at.length > 1 ? 30 : 6), right, passed(stops.at(-1)!.on) && p.today >= p.endsOn)}
        <rect x={left - 5} y={y - 5} width={10} height={10} className="inkf" />
        <rect x={right - 6} y={y - 6} width={12} height={12} className={p.today >= p.endsOn ? "dot done" : "dot to"} />
        {tops.map((t, i) => <text key={i} x={t.x} y={y - 20 - t.level * 14} textAnchor={t.anchor} className={t.risk ? "ax k s" : "ax k"}>{t.text}</text>)}
        <text x={inside && todayX < left + 40 ? left + 8 : left - 2} y={y + 22} className="ax">{short(p.startsOn)}</text>
        <text x={right + 14} y={y + 22} textAnchor="end" className="ax">{short(p.endsOn)}</text>
        {inside && (<><path d={`M${todayX} ${y - 16}V${y + 36}`} className="now-l" /><text x={todayX > 60 ? todayX - 6 : todayX + 8} y={y + 34} textAnchor={todayX > 60 ? "end" : "start"} className="ax k">today</text></>)}
      </svg>
    </div></div>
  );
}
