import { useEffect, useRef, useState } from "react";
import type { PlanLevel } from "@/gql/graphql";
import { count, day, length } from "@/lib/format";
import { announce } from "@/lib/keys";
import { Button, Check, Choice, Dialog, NumberBox } from "@/ui/controls";
import { changesIn, differences, levelSays, orderWarns, shifted, type Rules, type Wish } from "./asking";
import { Part } from "./panels";

/** What is asked of the next planning, in a line, and the way to change it. */
export function WishPart({ rules, wish, onAsk }: { rules: Rules; wish: Wish; onAsk: () => void }) {
  const asked = { ...rules, ...wish.rules };
  const changed = differences(rules, asked);
  return (
    <Part title="When you plan again" aside={`${count(asked.visitDaysMax, "day")}, ${length(asked.oneWayMinutesMax)}, ${wish.secondsMax} s`}>
      {changed.length > 0 && <ul className="pl-lines">{changed.map((d) => <li key={d.name}><b>{d.name}:</b> {d.is}, not {d.was}</li>)}</ul>}
      <button type="button" className="pl-link" onClick={onAsk}>Change what is asked</button>
    </Part>
  );
}

/** Asks for another plan: days, spacing, hosts, seats, the order of what counts; and says what that changes. */
export function AskDialog({ rules, wish, name, onPlan, onClose }: { rules: Rules; wish: Wish; name: string; onPlan: (w: Wish) => void; onClose: () => void }) {
  const [asked, setAsked] = useState<Rules>({ ...rules, ...wish.rules });
  const [seconds, setSeconds] = useState(wish.secondsMax);
  const [seed, setSeed] = useState(wish.seed);
  const ask = (more: Partial<Rules>) => setAsked((r) => ({ ...r, ...more }));
  const spaced = !!asked.daysBetweenMin;
  const changed = differences(rules, asked);
  const warns = orderWarns(asked.levels);
  return (
    <Dialog
      wide
      title="Plan again with…"
      lede={`A new draft from ${name}: what is pinned or agreed with a host stays where it is.`}
      onClose={onClose}
      foot={
        <>
          <Button kind="go" onPress={() => onPlan({ rules: changesIn(rules, asked), secondsMax: seconds, seed })}>Plan</Button>
          <Button onPress={onClose}>Not now</Button>
          {changed.length > 0 && <span className="far"><Button kind="bare" onPress={() => { setAsked(rules); announce(`Asked as ${name} was.`); }}>Ask as {name} was</Button></span>}
        </>
      }
    >
      <div className="pl-ask">
        <div className="pl-ask-f">
          <NumberBox label="Visit days at most" value={asked.visitDaysMax} min={1} max={100} onChange={(visitDaysMax) => ask({ visitDaysMax })} />
          <NumberBox label="One way at most" unit="minutes" value={asked.oneWayMinutesMax} min={30} max={1440} onChange={(oneWayMinutesMax) => ask({ oneWayMinutesMax })} />
          <div className="pl-ask-2"><Choice label="Visit days keep apart" value={spaced ? "days" : "fortnight"} onChange={(k) => ask({ daysBetweenMin: k === "days" ? 14 : null })} items={[{ id: "fortnight", name: "One in each fortnight of the programme" }, { id: "days", name: "By a number of days" }]} /></div>
          {spaced && <div className="pl-ask-2"><NumberBox label="Days from one to the next, at least" value={asked.daysBetweenMin ?? 14} min={1} max={100} onChange={(daysBetweenMin) => ask({ daysBetweenMin })} hint="Calendar days. By fortnights, the last day of one and the first of the next can be neighbours." /></div>}
          <NumberBox label="Everyone at least" unit="visits" value={asked.everyoneAtLeast} min={0} max={100} onChange={(everyoneAtLeast) => ask({ everyoneAtLeast })} hint="0 leaves it to fairness." />
          <div className="pl-ask-t"><Check label="Every team sees every theme of its challenge" value={asked.coverEveryTheme} onChange={(coverEveryTheme) => ask({ coverEveryTheme })} /></div>
          <NumberBox label="Hosts on one day at most" value={asked.hostsPerDayMax} min={0} max={100} onChange={(hostsPerDayMax) => ask({ hostsPerDayMax })} hint="0 for as many as there are." />
          <NumberBox label="Seats free in each group" value={asked.mentorSeats} min={0} max={100} onChange={(mentorSeats) => ask({ mentorSeats })} hint="For mentors who go along." />
          {rules.lostDays.map((d) => (
            <div className="pl-ask-2" key={d}><Check label={`Nothing can be held on ${day(d)}`} value={asked.lostDays.includes(d)} onChange={(yes) => ask({ lostDays: rules.lostDays.filter((x) => (x === d ? yes : asked.lostDays.includes(x))) })} /></div>
          ))}
          <NumberBox label="Stop after" unit="seconds" value={seconds} min={1} max={3600} onChange={setSeconds} hint="It stops by itself when nothing better can be." />
          <NumberBox label="Seed" value={seed ?? 0} min={0} max={2147483647} onChange={(n) => setSeed(n || null)} hint="0 is the cohort’s usual. Another may find another plan where nothing is proved." />
        </div>
        <div>
          <OrderList levels={asked.levels} onChange={(levels) => ask({ levels })} />
          {warns && <p className="pl-ask-w" role="status">{warns}</p>}
          <section className="pl-ask-c" aria-live="polite">
            <h3>What changes against {name}</h3>
            {changed.length === 0
              ? <p className="mid">Nothing is asked differently. The same people, offers, pins and seed give the same plan.</p>
              : <ul className="pl-lines">{changed.map((d) => <li key={d.name}><b>{d.name}:</b> {d.is}<span className="cap pl-block">was: {d.was}</span></li>)}</ul>}
          </section>
        </div>
      </div>
    </Dialog>
  );
}

/** What counts, the most important first. A level moves by its buttons, or by Alt and an arrow. */
function OrderList({ levels, onChange }: { levels: readonly PlanLevel[]; onChange: (l: PlanLevel[]) => void }) {
  const rows = useRef(new Map<PlanLevel, HTMLLIElement>());
  const moved = useRef<{ level: PlanLevel; by: -1 | 1 } | null>(null);
  // A row that moved is another place in the page: the focus goes with it, to the other button at an end.
  useEffect(() => {
    const m = moved.current;
    moved.current = null;
    const [earlier, later] = (m && rows.current.get(m.level)?.querySelectorAll("button")) ?? [];
    if (!m || !earlier || !later) return;
    ((m.by < 0 && !earlier.disabled) || later.disabled ? earlier : later).focus();
  }, [levels]);
  const move = (level: PlanLevel, by: -1 | 1) => {
    const next = shifted(levels, level, by);
    if (next.indexOf(level) === levels.indexOf(level)) return;
    moved.current = { level, by };
    onChange(next);
    announce(`${levelSays[level].name}: place ${next.indexOf(level) + 1} of ${next.length}.`);
  };
  return (
    <section>
      <h3 id="pl-order">What counts, the most important first</h3>
      <p className="cap">Each is settled before the next: a later one never costs an earlier one anything.</p>
      <ol className="pl-order" aria-labelledby="pl-order">
        {levels.map((l, i) => (
          <li key={l} ref={(e) => { if (e) rows.current.set(l, e); else rows.current.delete(l); }} onKeyDown={(e) => {
            if (!e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
            e.preventDefault();
            move(l, e.key === "ArrowUp" ? -1 : 1);
          }}>
            <span className="pl-order-n" aria-hidden="true">{i + 1}</span>
            <span><b>{levelSays[l].name}</b><span className="cap pl-block">{levelSays[l].says}</span></span>
            <span className="pl-order-b">
              <button type="button" aria-label={`${levelSays[l].name}: one place earlier`} disabled={i === 0} onClick={() => move(l, -1)}><Arrow up /></button>
              <button type="button" aria-label={`${levelSays[l].name}: one place later`} disabled={i === levels.length - 1} onClick={() => move(l, 1)}><Arrow /></button>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const Arrow = ({ up = false }: { up?: boolean }) => (
  <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true"><path d={up ? "M5 11V2M1.5 5.5L5 2l3.5 3.5" : "M5 1v9M1.5 6.5L5 10l3.5-3.5"} fill="none" stroke="currentColor" strokeWidth="1.5" /></svg>
);
